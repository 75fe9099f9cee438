#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_tags "example" "compiled"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local cpu="$(arch_transform "x86-64" "amd64" "$arch")"
  docker run --rm -i -v "$(pwd)":/install_root --platform "linux/$cpu" docker.io/alpine:3.21 /install_root/build.sh "$version"
  cp -aR usr "$sysextroot"/
}
