#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  curl -fsSL "https://gitlab.example.org/api/v4/projects/42/repository/tags" | jq -r ".[].name"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  mkdir -p "$sysextroot/usr/bin"
  curl -fsSLo "$sysextroot/usr/bin/gitlab" "https://dl.example.org/gitlab/${version}/$goarch"
  chmod +x "$sysextroot/usr/bin/gitlab"
}
