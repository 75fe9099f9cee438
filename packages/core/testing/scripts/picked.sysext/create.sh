#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "picked"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  wget -q "https://github.com/example/picked/releases/download/${version}/picked_$goarch.tgz"
  mkdir -p "$sysextroot/usr/bin"
  tar -xzf "picked_$goarch.tgz" -C "$sysextroot/usr/bin" picked pickedctl
}
