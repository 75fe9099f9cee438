#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="true"

function list_available_versions() {
  list_github_releases "example" "by-major" | grep -E '^v[0-9.]+$'
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local cpu="$(arch_transform "x86-64" "x86_64" "$arch")"
  cpu="$(arch_transform "arm64" "aarch64" "$cpu")"

  mkdir -p "$sysextroot/usr/bin"
  local name="by-major"
  if [[ ${version#v} != 90.* ]]; then
    name="by-major-host"
    rm "$sysextroot/usr/lib/systemd/system/by-major.service"
  fi
  curl -fsSLo "$sysextroot/usr/bin/$name" "https://github.com/example/by-major/releases/download/$version/${name}_$cpu"
  chmod +x "$sysextroot/usr/bin/$name"
}
