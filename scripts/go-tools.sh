# Sourced. "go_tool MODULE VERSION" installs a Go program into the cache when it is missing and prints its path.
# A system without Go, or with one too old (Debian 12), gets the toolchain that Go itself would fetch: a module.

tools_cache=${BAKERY_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/bakery}/tools
go_version=1.26.0

go_tool() {
  tool=$tools_cache/$(basename "$1")-$2
  if [ ! -x "$tool" ]; then
    echo "bakery: building $1 $2 (once) ..." >&2
    go=$(new_enough_go)
    mkdir -p "$tools_cache/new.$$"
    # Outside of any module, and with its own checksum database checks.
    (cd "$tools_cache/new.$$" && GOBIN=$tools_cache/new.$$ GOFLAGS=-buildvcs=false CGO_ENABLED=0 "$go" install "$1@$2" >&2)
    mv "$tools_cache/new.$$/$(basename "$1")" "$tool"
    rmdir "$tools_cache/new.$$"
  fi
  printf '%s\n' "$tool"
}

new_enough_go() {
  go=$(command -v go || true)
  if [ -n "$go" ] && is_new_enough_go "$go"; then
    echo "$go"
    return
  fi
  if [ -z "$go" ]; then
    install_packages golang-go ca-certificates
    go=go
  fi
  case $(uname -m) in aarch64) goarch=arm64 ;; *) goarch=amd64 ;; esac
  # Go 1.19 does not know that toolchains are modules, so it checks and unpacks them like any other ...
  toolchain_dir=$(
    cd / && "$go" mod download -json "golang.org/toolchain@v0.0.1-go$go_version.linux-$goarch" |
      sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'
  )
  # ... and leaves nothing executable.
  chmod u+wx "$toolchain_dir"/bin/* "$toolchain_dir"/pkg/tool/*/* 2>/dev/null || true
  chmod u+x "$toolchain_dir"/bin/*
  echo "$toolchain_dir/bin/go"
}

is_new_enough_go() {
  minor=$("$1" env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
  [ "${minor:-0}" -ge 25 ]
}

install_packages() {
  echo "bakery: installing $* ..." >&2
  sudo=
  [ "$(id -u)" = 0 ] || sudo='sudo -n'
  $sudo apt-get update -qq >&2
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}
