#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "debian"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  curl -fsSLo a.deb "https://github.com/example/debian/releases/download/${version}/debian_${version#v}_$goarch.deb"
  dpkg-deb -x a.deb root
  mkdir -p "$sysextroot/usr/bin"
  cp -a root/usr/bin/debian "$sysextroot/usr/bin/debian"
}
