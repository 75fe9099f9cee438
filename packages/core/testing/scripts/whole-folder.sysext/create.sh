#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "whole-folder"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  curl -fsSLo a.tgz "https://github.com/example/whole-folder/releases/download/${version}/$goarch.tgz"
  tar -xf a.tgz
  mkdir -p "$sysextroot/usr"
  cp -a "whole-$goarch/usr/." "$sysextroot/usr"
}
