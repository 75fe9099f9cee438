#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "gzipped"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  curl -fsSLo gzipped.gz "https://github.com/example/gzipped/releases/download/${version}/gzipped-$goarch.gz"
  gunzip gzipped.gz
  mkdir -p "$sysextroot/usr/bin"
  install -m 755 gzipped "$sysextroot/usr/bin/gzipped"
}
