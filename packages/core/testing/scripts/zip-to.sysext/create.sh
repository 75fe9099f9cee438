#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "zip-to"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  curl -fsSLo a.zip "https://github.com/example/zip-to/releases/download/${version}/$goarch.zip"
  unzip -q a.zip tool -d "$sysextroot/usr/bin"
}
