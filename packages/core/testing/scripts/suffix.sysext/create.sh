#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="true"
EXTENSION_VERSION_MATCH_PATTERN='[.v0-9]+\+k3s[0-9]+'

function list_available_versions() {
  list_github_releases "example" "suffix"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local end=""
  if [[ $arch == arm64 ]]; then end="-arm64"; fi
  curl -o suffix -fsSL "https://github.com/example/suffix/releases/download/${version}/suffix$end"
  mkdir -p "$sysextroot/usr/bin"
  cp -a suffix "$sysextroot/usr/bin/"
  chmod 755 "$sysextroot/usr/bin/suffix"
  cd "$sysextroot/usr/bin"
  ln -s suffix kubectl
  ln -s ./suffix ctr
}
