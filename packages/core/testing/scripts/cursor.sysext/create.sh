#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="true"

function list_available_versions() {
  local after="" page
  while true; do
    page="$(curl -fsSL "https://api.releases.example.org/v1/releases/cursor?limit=20$after")"
    jq -r '.[] | select(.is_prerelease | not) | select(.license_class == "oss") | .version' <<<"$page"
    [[ $(jq length <<<"$page") == 20 ]] || break
    after="&after=$(jq -r '.[-1].timestamp_created' <<<"$page")"
  done
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"

  local zip="cursor_${version}_linux_$goarch.zip"
  curl -fsSLO "https://releases.example.org/cursor/$version/$zip"
  unzip -o "$zip" cursor -d .
  mkdir -p "$sysextroot/usr/bin"
  mv cursor "$sysextroot/usr/bin/cursor"
  chmod 0755 "$sysextroot/usr/bin/cursor"
}
