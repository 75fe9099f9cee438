#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "pair"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local end=""
  if [[ $arch == arm64 ]]; then end="-aarch64"; fi
  mkdir -p "$sysextroot/usr/bin"
  for tool in pair pair-remote; do
    curl -fsSL "https://github.com/example/pair/releases/download/$version/$tool-static$end" -o "$sysextroot/usr/bin/$tool"
    chmod +x "$sysextroot/usr/bin/$tool"
  done
}
