#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="true"

function list_available_versions() {
  list_github_releases example raw-version | grep -v "^api/" | sed "s/^v//"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"

  local runc="$(curl -fsSL "https://raw.githubusercontent.com/example/raw-version/refs/tags/v$version/script/runc-version")"
  local ball="raw-version-static-$version-linux-$goarch.tar.gz"
  curl -fsSLO "https://github.com/example/raw-version/releases/download/v$version/$ball"
  curl -fsSLO "https://github.com/example/raw-version/releases/download/v$version/$ball.sha256sum"
  sha256sum -c "$ball.sha256sum"
  tar -xf "$ball"
  mkdir -p "$sysextroot/usr/bin"
  cp -a bin/* "$sysextroot/usr/bin/"
  curl -fsSL -o "$sysextroot/usr/bin/runc" "https://github.com/example/runc/releases/download/$runc/runc.$goarch"
  chmod a+x "$sysextroot/usr/bin/runc"
}
