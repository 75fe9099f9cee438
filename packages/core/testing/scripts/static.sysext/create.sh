#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="true"

function list_available_versions() {
  list_github_releases "example" "static"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  mkdir -p "$sysextroot/usr/bin"
  curl -fsSLo "$sysextroot/usr/bin/static" "https://github.com/example/static/releases/download/${version}/static-$goarch"
  chmod +x "$sysextroot/usr/bin/static"
}
