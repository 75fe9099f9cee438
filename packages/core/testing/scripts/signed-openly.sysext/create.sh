#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "signed-openly"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  local from="https://dl.example.org/signed-openly/$version"

  curl -fsSLO "$from/tool-$goarch"
  curl -fsSLO "$from/tool-$goarch.asc"
  curl -fsSL "$from/KEYS" | gpg --dearmor >keys.gpg
  gpgv --keyring keys.gpg "tool-$goarch.asc" "tool-$goarch"

  curl -fsSLO "$from/helper-$goarch"
  curl -fsSLO "$from/helper-$goarch.bundle"
  cosign verify-blob "helper-$goarch" --bundle "helper-$goarch.bundle" \
    --certificate-identity-regexp '^https://github.com/example/' --certificate-oidc-issuer https://token.actions.githubusercontent.com
  cosign verify "registry.example.org/tool:$version"
  minisign -Vm "tool-$goarch" -P RWQ
  echo "d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2  helper-$goarch" | sha256sum -c -

  mkdir -p "$sysextroot/usr/bin"
  install -m 0755 "tool-$goarch" "$sysextroot/usr/bin/tool"
  install -m 0755 "helper-$goarch" "$sysextroot/usr/bin/helper"
}
