#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "direct"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"

  curl -fsSL "https://github.com/example/direct/releases/download/$version/direct-$version-source.tar.gz" | tar -xz
  cd "direct-$version"
  make prefix=/usr
  make install DESTDIR="$sysextroot"
}
