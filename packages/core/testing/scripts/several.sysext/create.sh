#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "several"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  local cpu="$(arch_transform "x86-64" "x86_64" "$arch")"
  cpu="$(arch_transform "arm64" "aarch64" "$cpu")"
  mkdir -p "$sysextroot/usr/bin"
  for tool in one two; do
    curl -fsSLo "$sysextroot/usr/bin/$tool" "https://dl.example.org/$version/$goarch/$tool"
    curl -fsSLo "$tool.sha256" "https://dl.example.org/$version/$goarch/$tool.sha256"
    echo "$(cat $tool.sha256)  $sysextroot/usr/bin/$tool" | shasum -a 256 --check
  done
  curl -fsSLo "$sysextroot/usr/bin/three" "https://github.com/example/several/releases/download/${version}/three-$cpu"
  chmod +x "$sysextroot/usr/bin/"*
}
