#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "asset-names" | sed "s/^v//"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local cpu="$(arch_transform "x86-64" "x86_64" "$arch")"
  cpu="$(arch_transform "arm64" "aarch64" "$cpu")"

  local plugins="$sysextroot/usr/local/lib/docker/cli-plugins"
  mkdir -p "$plugins"
  curl -fsSLo "$plugins/asset-names" "https://github.com/example/asset-names/releases/download/v$version/asset-names-linux-$cpu"
  chmod 0755 "$plugins/asset-names"
}
