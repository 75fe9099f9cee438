#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="true"

function list_available_versions() {
  list_github_releases "example" "sums-and-find"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local name="$(arch_transform "x86-64" "x86_64" "$arch")"
  local ball="sums-and-find_${version#v}_linux_$name.tar.gz" from="https://github.com/example/sums-and-find/releases/download/$version"
  curl --fail --silent --location --remote-name-all "$from/$ball" "$from/sums-and-find_${version#v}_checksums.txt"
  awk -v name="$ball" '$2 == name || $2 == "*" name' "sums-and-find_${version#v}_checksums.txt" | sha256sum --check -
  mkdir -p unpacked "$sysextroot/usr/bin"
  tar -xzf "$ball" -C unpacked
  install -m 0755 "$(find unpacked -type f -name sums-and-find | head -n1)" "$sysextroot/usr/bin/sums-and-find"
}
