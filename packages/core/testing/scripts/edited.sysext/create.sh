#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "edited"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  curl -fsSLo a.tgz "https://github.com/example/edited/releases/download/${version}/edited-$goarch.tgz"
  tar -xf a.tgz --strip-components=1
  mkdir -p "$sysextroot/usr/lib/systemd/system"
  sed -i "s,/usr/sbin,/usr/bin," edited.service
  cp edited.service "$sysextroot/usr/lib/systemd/system/"
}
