#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "renamed"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local cpu="$(arch_transform "x86-64" "x86_64" "$arch")"
  cpu="$(arch_transform "arm64" "aarch64" "$cpu")"
  curl --fail --silent --location --remote-name "https://github.com/example/renamed/releases/download/${version}/renamed-linux-$cpu"
  install -D -m 0755 "renamed-linux-$cpu" "$sysextroot/usr/libexec/plugins/renamed"
}
