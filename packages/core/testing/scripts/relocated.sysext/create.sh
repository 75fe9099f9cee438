#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  curl -fsSL https://packages.example.org/bookworm/relocated | sed -n 's/.*relocated_\([0-9.]*\)-[0-9]*[.]dsc.*/\1/p' | head -n1
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local platform="$(arch_transform "x86-64" "linux/amd64" "$arch")"
  mkdir -p root
  podman run --rm -v "$PWD":/out --platform "$platform" docker.io/debian:bookworm sh -c "
    apt-get update && apt-get install -y relocated patchelf
    cp -a /usr/bin/relocated /usr/lib/x86_64-linux-gnu /out/root
  "
  "$scriptroot/tools/flix.sh" root relocated /usr/bin/relocated
  cp -a relocated/usr "$sysextroot/"
}
