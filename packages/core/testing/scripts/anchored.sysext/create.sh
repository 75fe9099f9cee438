#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="true"

function list_available_versions() {
  list_github_releases "example" "anchored"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"

  local ball="anchored-linux-$goarch.tar.gz"
  for file in "$ball" SHASUM256.txt; do
    curl -fsSL --retry 5 -o "$file" "https://github.com/example/anchored/releases/download/$version/$file"
  done
  grep "  $ball\$" SHASUM256.txt | sha256sum -c
  mkdir -p "$sysextroot/usr/bin"
  tar -xzf "$ball" -C "$sysextroot/usr/bin"
}
