#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="true"
EXTENSION_VERSION_MATCH_PATTERN='[.v0-9]+\+rke2r[0-9]+'

function list_available_versions() {
  local one
  list_github_releases example per-minor | while read -r one; do
    if [[ $one == *+rke2r* ]]; then echo "$one"; fi
  done
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"

  local from="https://github.com/example/per-minor/releases/download/${version//+/%2B}"
  curl --parallel --fail --location --remote-name "$from/per-minor.linux-$goarch.tar.gz" --remote-name "$from/sha256sum-$goarch.txt"
  grep "per-minor.linux-$goarch.tar.gz" "sha256sum-$goarch.txt" | sha256sum -c -
  mkdir -p "$sysextroot/usr/local"
  tar -xf "per-minor.linux-$goarch.tar.gz" -C "$sysextroot/usr/local"
  rm "$sysextroot/usr/local/bin/per-minor-uninstall.sh"
  if [[ "$(get_optional_param sysupdate false "$@")" == true ]]; then
    local minor="${version%.*}"
    _create_sysupdate "$extname" "$extname-$minor.@v-%a.raw" "$extname" "$extname" "$rundir/$extname-$minor.conf"
  fi
}
