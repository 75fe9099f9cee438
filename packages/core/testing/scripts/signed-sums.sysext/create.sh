#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "signed-sums"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  local from="https://releases.example.org/signed-sums/${version#v}"
  local tool="signed-sums_${version#v}_linux_$goarch"

  curl -fsSLO "$from/$tool"
  curl -fsSLO "$from/SHA256SUMS"
  curl -fsSLO "$from/SHA256SUMS.sig"
  gpg --batch --homedir keys --import "$scriptroot/signed-sums.sysext/upstream.asc"
  gpg --batch --homedir keys --verify SHA256SUMS.sig SHA256SUMS
  grep -F "$tool" SHA256SUMS | sha256sum -c -

  curl -fsSLO "https://packages.example.org/plugin/plugin-$goarch"
  curl -fsSLO "https://packages.example.org/plugin/plugin-$goarch.asc"
  gpg --batch --homedir keys --verify "plugin-$goarch.asc" "plugin-$goarch"

  mkdir -p "$sysextroot/usr/bin"
  install -m 0755 "$tool" "$sysextroot/usr/bin/signed-sums"
  install -m 0755 "plugin-$goarch" "$sysextroot/usr/bin/plugin"
}
