#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "signed-bundle"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  local from="https://github.com/example/signed-bundle/releases/download/$version" one

  for one in bundled detached attested fingered; do curl -fsSLO "$from/$one-$goarch"; done
  curl -fsSLO "$from/bundled-$goarch.sigstore.json"
  cosign verify-blob --new-bundle-format --bundle "bundled-$goarch.sigstore.json" \
    --certificate-identity="https://github.com/example/signed-bundle/.github/workflows/release.yml@refs/tags/$version" \
    --certificate-oidc-issuer https://token.actions.githubusercontent.com "bundled-$goarch"
  curl -fsSLO "$from/detached-$goarch.sig"
  curl -fsSLO "$from/detached-$goarch.pem"
  cosign verify-blob "detached-$goarch" --signature "detached-$goarch.sig" --certificate "detached-$goarch.pem" \
    --certificate-identity release@example.org --certificate-oidc-issuer https://accounts.example.org
  gh attestation verify "attested-$goarch" --repo example/signed-bundle
  curl -fsSL https://example.org/keys.asc | gpg --import
  echo 0123456789ABCDEF0123456789abcdef01234567:6: | gpg --import-ownertrust
  curl -fsSLO "$from/fingered-$goarch.asc"
  gpg --verify "fingered-$goarch.asc" "fingered-$goarch"

  mkdir -p "$sysextroot/usr/bin"
  for one in bundled detached attested fingered; do
    install -m 0755 "$one-$goarch" "$sysextroot/usr/bin/$one"
  done
}
