#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "flat"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  local ball="flat-linux-$goarch.tar.gz"
  curl --parallel --fail --location --output "$ball" "https://github.com/example/flat/releases/download/${version}/$ball" --output "$ball.sha256" "https://github.com/example/flat/releases/download/${version}/$ball.sha256"
  sha256sum -c "$ball.sha256"
  mkdir -p "$sysextroot/usr/bin"
  tar --force-local -xf "$ball" -C "$sysextroot/usr/bin"
  chmod +x "$sysextroot/usr/bin/flat"
}
