#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  curl -fsSL https://api.example.org/v1/releases/zipped | jq -r '.[].version' | sort -Vr
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  curl -fsSLO "https://dl.example.org/zipped/$version/zipped_${version}_linux_$goarch.zip"
  mkdir -p "$sysextroot/usr/bin"
  unzip -q "zipped_${version}_linux_$goarch.zip"
  install -m 0755 zipped "$sysextroot/usr/bin"
}
