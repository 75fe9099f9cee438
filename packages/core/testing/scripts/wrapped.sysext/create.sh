#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  curl -fsSL https://dl-cdn.example.org/alpine/latest-stable/community/x86_64/ |
    sed -n 's/.*href="wrapped-\([0-9.]*\)-r[0-9]*[.]apk".*/\1/p' | head -n1
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local platform="$(arch_transform "x86-64" "linux/amd64" "$arch")"
  docker run --rm -v "$PWD":/out --platform "$platform" --network host docker.io/alpine:latest sh -c "
    apk add --no-cache wrapped bash coreutils
    ETCMAP=chroot /out/flatwrap.sh / wrapped /usr/bin/wrapped
  "
  mv wrapped/usr "$sysextroot"/
}
