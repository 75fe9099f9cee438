#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "binary"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  mkdir -p "$sysextroot/usr/bin"
  curl -fsSL -o "$sysextroot/usr/bin/binary" "https://github.com/example/binary/releases/download/${version}/binary-linux-$goarch"
  chmod +x "$sysextroot/usr/bin/binary"
}
