#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="true"

function list_available_versions() {
  list_github_releases "example" "heredoc"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  mkdir -p "$sysextroot/usr/bin" "$sysextroot/usr/lib/systemd/system"
  curl -fsSLo "$sysextroot/usr/bin/heredoc" "https://github.com/example/heredoc/releases/download/${version}/heredoc-$goarch"
  chmod +x "$sysextroot/usr/bin/heredoc"
  cat >"$sysextroot/usr/lib/systemd/system/heredoc.service" <<UNIT
[Unit]
Description=Heredoc $version
[Service]
ExecStart=/usr/bin/heredoc
UNIT
  echo "$version" >"$sysextroot/usr/lib/heredoc-version"
}
