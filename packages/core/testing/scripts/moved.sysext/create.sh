#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="true"

function list_available_versions() {
  list_github_releases "example" "moved"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local cpu="$(arch_transform "x86-64" "x86_64" "$arch")"
  cpu="$(arch_transform "arm64" "aarch64" "$cpu")"

  curl -fsSL "https://download.example.org/moved-$version-$cpu.tar.gz" | tar -xz --strip-components=1
  mkdir -p "$sysextroot/usr/share/moved"
  mv etc/moved "$sysextroot/usr/share/moved/etc"
  cp -a usr/. "$sysextroot/usr/"
}
