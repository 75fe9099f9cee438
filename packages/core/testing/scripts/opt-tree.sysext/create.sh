#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "opt-tree"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  curl -fsSLo a.tar.zst "https://github.com/example/opt-tree/releases/download/${version}/opt-tree-$goarch.tar.zst"
  mkdir -p "$sysextroot/opt/tree" "$sysextroot/usr/bin"
  tar --zstd -xf a.tar.zst -C "$sysextroot/opt/tree"
  ln -s ../../opt/tree/bin/tree "$sysextroot/usr/bin/tree"
}
