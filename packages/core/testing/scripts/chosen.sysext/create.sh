#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "chosen"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  local flavour="$(get_optional_param "flavour" "full" "${@}")"
  mkdir -p "$sysextroot/usr/bin"
  curl -fsSLo "$sysextroot/usr/bin/chosen" "https://github.com/example/chosen/releases/download/${version}/chosen-$flavour-$goarch"
  chmod +x "$sysextroot/usr/bin/chosen"
}
