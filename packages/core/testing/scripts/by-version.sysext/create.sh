#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "by-version"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"

  local form=tgz
  if printf '%s\n' v91.0.0 "$version" | sort -V | tail -n1 | grep -qx "$version"; then form=tar.zst; fi
  local ball="by-version-linux-$goarch.$form"
  curl -fsSLO "https://github.com/example/by-version/releases/download/$version/$ball"
  curl -fsSLO "https://github.com/example/by-version/releases/download/$version/sha256sum.txt"
  grep -F "$ball" sha256sum.txt | sha256sum --check
  mkdir -p "$sysextroot/usr"
  tar -xf "$ball" -C "$sysextroot/usr"
}
