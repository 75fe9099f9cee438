#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "removed"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  curl -fsSLo a.tgz "https://github.com/example/removed/releases/download/${version}/removed-$goarch.tgz"
  mkdir -p "$sysextroot/usr/bin"
  tar -xf a.tgz -C "$sysextroot/usr/bin"
  rm "$sysextroot/usr/bin/uninstall.sh"
  rm "$sysextroot/usr/share/removed/old.conf"
}
