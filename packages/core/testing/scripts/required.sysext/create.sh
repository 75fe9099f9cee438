#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "required"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local cpu="$(arch_transform "x86-64" "x86_64" "$arch")"
  cpu="$(arch_transform "arm64" "aarch64" "$cpu")"

  local runtime="$(get_optional_param "runtime" "" "$@")"
  if [[ -z $runtime ]]; then
    echo "--runtime is needed" >&2
    return 1
  fi
  mkdir -p "$sysextroot/usr/lib/wasm"
  curl -fsSLo "$sysextroot/usr/lib/wasm/required.wasm" "https://github.com/example/required/releases/download/$version/required.wasm"
  curl -fsSL "https://github.com/example/runtime/releases/download/$runtime/plugin-$runtime-$cpu.tar.gz" |
    tar -xz -C "$sysextroot/usr/lib/wasm"
  echo "$runtime" >"$sysextroot/usr/lib/wasm/runtime-version"
}

function populate_sysext_root_options() {
  echo "  --runtime <version> : the runtime it is for (needed)."
}
