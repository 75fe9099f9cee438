#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "sums"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  curl -fsSLO "https://github.com/example/sums/releases/download/${version}/sums_$goarch.tar.gz"
  curl -fsSLO "https://github.com/example/sums/releases/download/${version}/checksums.txt"
  grep "sums_$goarch.tar.gz" checksums.txt | sha256sum -c -
  tar -xf "sums_$goarch.tar.gz" sums
  mkdir -p "$sysextroot/usr/bin"
  mv sums "$sysextroot/usr/bin/"
}
