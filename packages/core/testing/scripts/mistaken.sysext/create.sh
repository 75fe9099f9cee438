#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="fales"

function list_available_versions() {
  list_github_releases "example" "mistaken"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local from="https://github.com/example/mistaken/releases/download/$version"
  mkdir -p "$sysextroot/usr/sbin" "$sysextroot/usr/local/bin" "$sysextroot/usr/lib/systemd/sytem"
  curl -fsSLo "$sysextroot/usr/sbin/mistaken" "$from/mistaken-$arch"
  curl -fsSLo "$sysextroot/usr/local/bin/helper" "$from/helper-$arch"
  curl -fsSLo "$sysextroot/usr/lib/systemd/system/mistaken.socket" "$from/mistaken.socket"
  chmod +x "$sysextroot/usr/sbin/mistaken" "$sysextroot/usr/local/bin/helper"
  rm -f "${sysextroot}usr/lib/tmpfiles.d/mistaken.conf"
}
