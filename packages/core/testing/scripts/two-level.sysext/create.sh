#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="true"

function list_available_versions() {
  local branch
  for branch in $(curl -fsSL https://www.example.org/download/ | grep -oE 'href="[0-9]+[.][0-9]+/' | cut -d'"' -f2); do
    curl -fsSL "https://www.example.org/download/${branch}src/releases.json" | jq -r '.releases | keys[]'
  done | grep -v -e -dev -e -rc | sort -Vr
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local image="docker.io/alpine:3.21" platform="$(arch_transform "x86-64" "linux/amd64" "$arch")"
  platform="$(arch_transform "arm64" "linux/arm64/v8" "$platform")"
  curl -fsSLO "https://www.example.org/download/${version%.*}/src/two-level-$version.tar.gz"
  curl -fsSLO "https://www.example.org/download/${version%.*}/src/two-level-$version.tar.gz.sha256"
  sha256sum -c "two-level-$version.tar.gz.sha256"
  cp "$scriptroot/two-level.sysext/build.sh" .
  docker run --rm --network host -v "$PWD":/work --platform "$platform" --pull always "$image" /work/build.sh "$version"
  cp -aR usr "$sysextroot"/
}
