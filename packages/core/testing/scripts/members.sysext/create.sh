#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "members" | sed 's/^v//'
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local cpu="$(arch_transform "x86-64" "x86_64" "$arch")"
  cpu="$(arch_transform "arm64" "aarch64" "$cpu")"
  local top="members-$version-$cpu"
  curl -fsSLO "https://github.com/example/members/releases/download/v$version/$top.tar.xz"
  tar xJf "$top.tar.xz"
  mkdir -p "$sysextroot/usr/bin" "$sysextroot/usr/share/members"
  cp -a "$top/bin/members" "$sysextroot/usr/bin/"
  install -m 0644 "$top/etc/members.conf" "$sysextroot/usr/share/members/default.conf"
}
