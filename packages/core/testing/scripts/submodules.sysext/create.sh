#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "submodules"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  git clone --depth 1 --recurse-submodules --branch "$version" https://github.com/example/submodules.git
  cd submodules
  git apply "$scriptroot/submodules.sysext/patches/$version.patch"
  ./scripts/build-packages.sh "ubuntu18.04-$arch"
  local deb
  for deb in dist/*.deb; do
    ar x "$deb"
    tar -xf data.tar.xz -C "$sysextroot"
  done
  rm -rf "$sysextroot/usr/share"
  ln -s /opt/submodules/hook "$sysextroot/usr/local/bin/hook"
}
