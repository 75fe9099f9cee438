#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="true"

function list_available_versions() {
  curl -fsSL https://raw.githubusercontent.com/example/website/main/data/schedule.yaml |
    yq -r '.schedules[].previousPatches[].release' | sed 's/^/v/'
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local goarch="$(arch_transform "x86-64" "amd64" "$arch")"

  local cni="$(get_optional_param "cni-version" "latest" "$@")"
  if [[ $cni == latest ]]; then
    cni="$(curl -fsSL https://api.github.com/repos/example/plugins/releases/latest | jq -r .tag_name)"
  fi
  mkdir -p "$sysextroot/usr/bin" "$sysextroot/usr/local/bin/cni" "$sysextroot/usr/share/schedule"
  for tool in kubectl kubelet; do
    curl -fsSLo "$sysextroot/usr/bin/$tool" "https://dl.example.org/$version/bin/linux/$goarch/$tool"
    curl -fsSLo "$tool.sha256" "https://dl.example.org/$version/bin/linux/$goarch/$tool.sha256"
    echo "$(<"$tool.sha256")  $sysextroot/usr/bin/$tool" | sha256sum -c -
  done
  chmod +x "$sysextroot"/usr/bin/*
  local ball="cni-plugins-linux-$goarch-$cni.tgz"
  curl -fsSLO "https://github.com/example/plugins/releases/download/$cni/$ball"
  curl -fsSLO "https://github.com/example/plugins/releases/download/$cni/$ball.sha256"
  sha256sum -c "$ball.sha256"
  tar -xf "$ball" -C "$sysextroot/usr/local/bin/cni"
  echo "$version" >"$sysextroot/usr/share/schedule/version"
  echo "$cni" >"$sysextroot/usr/share/schedule/cni-version"
  mkdir -p "$sysextroot/usr/libexec/plugins"
}
