#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "optional"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"

  local cni="$(get_optional_param "with-cni" "" "$@")"
  mkdir -p "$sysextroot/usr/bin"
  curl -fsSL "https://github.com/example/optional/releases/download/$version/optional-${version#v}-linux-$goarch.tar.gz" | tar -xz -C "$sysextroot/usr/bin" optional
  if [[ -z $cni ]]; then
    rm -r "$sysextroot/usr/lib/tmpfiles.d" "$sysextroot/usr/share/optional"
    return 0
  fi
  mkdir -p "$sysextroot/usr/libexec/cni"
  curl -fsSL "https://github.com/example/cni/releases/download/$cni/cni-plugins-linux-$goarch-$cni.tgz" |
    tar -xz -C "$sysextroot/usr/libexec/cni"
}

function populate_sysext_root_options() {
  echo "  --with-cni <version> : ship CNI plugins too."
}
