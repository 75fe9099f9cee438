#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "second"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  local other="$(get_optional_param "nats" "latest" "${@}")"
  if [[ $other == latest ]]; then
    other="$(curl -fsSL https://api.github.com/repos/example/nats/releases/latest | jq -r .tag_name)"
  fi
  mkdir -p "$sysextroot/usr/bin"
  curl -fsSLo "$sysextroot/usr/bin/second" "https://github.com/example/second/releases/download/${version}/second-$goarch"
  curl -fsSLo n.tgz "https://github.com/example/nats/releases/download/$other/nats-$other-$goarch.tar.gz"
  tar -xf n.tgz
  cp "nats-$other-$goarch/nats" "$sysextroot/usr/bin/nats"
  chmod +x "$sysextroot/usr/bin/"*
}

function populate_sysext_root_options() {
  echo "  --nats <version> : NATS server to ship."
}
