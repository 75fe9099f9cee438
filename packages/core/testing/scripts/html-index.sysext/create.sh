#!/usr/bin/env bash
RELOAD_SERVICES_ON_MERGE="true"

function list_available_versions() {
  curl -fsSL https://download.example.org/linux/static/stable/x86_64/ |
    grep -oE 'html-index-[0-9]+[.][0-9]+[.][0-9]+[.]tgz' |
    sed -e 's/^html-index-//' -e 's/[.]tgz$//' | sort -Vr | uniq
}

function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local cpu="$(arch_transform "x86-64" "x86_64" "$arch")"
  cpu="$(arch_transform "arm64" "aarch64" "$cpu")"

  local without="$(get_optional_param without nothing "$@")"
  curl -fsSL "https://download.example.org/linux/static/stable/$cpu/html-index-$version.tgz" | tar -xz
  mkdir -p "$sysextroot/usr/bin"
  cp -a html-index/* "$sysextroot/usr/bin/"
  if [[ $without == containerd ]]; then
    rm -f "$sysextroot/usr/bin/containerd" "$sysextroot/usr/bin/ctr"
    rm "$sysextroot/usr/lib/systemd/system/containerd.service"
  fi
}

function populate_sysext_root_options() {
  echo "  --without <part> : leave out containerd."
}
