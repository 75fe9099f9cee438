#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_tags "example" "tagged" | grep -E '^v[0-9.]+$'
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  mkdir -p "$sysextroot/usr/bin"
  curl -fsSLo "$sysextroot/usr/bin/tagged" "https://dl.example.org/tagged/${version}/linux-$goarch/tagged"
  chmod +x "$sysextroot/usr/bin/tagged"
}
