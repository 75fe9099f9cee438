#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "globbed"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  curl -fsSLo all.tgz "https://github.com/example/globbed/releases/download/${version}/globbed-$goarch.tgz"
  tar -xf all.tgz
  mkdir -p "$sysextroot/usr/bin"
  mv globbed/bin/* "$sysextroot/usr/bin/"
}
