#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "two-archives"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"

  mkdir -p "$sysextroot/usr/bin"
  for tool in ig gadget; do
    curl -fsSL "https://github.com/example/two-archives/releases/download/$version/$tool-linux-$goarch-$version.tar.gz" | tar -xz -C "$sysextroot/usr/bin" "$tool"
  done
}
