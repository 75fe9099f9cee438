# Sourced with $root set. Leaves $node: a Node.js 24 or newer, fetched when the machine has none.
# What is missing comes from npm, pinned with integrity by scripts/toolchain/package-lock.json, into the cache.

toolchain=${BAKERY_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/bakery}/toolchain

say() { printf 'bakery: %s\n' "$*" >&2; }

. "$root/scripts/plain-environment.sh"

# "alone FOLDER COMMAND …": one at a time in a folder. Whoever was killed has let go of it.
alone() {
  (
    if command -v flock >/dev/null && ! flock -n 9; then
      say "waiting for another first run in $1 ..."
      flock 9
    fi
    shift
    "$@"
  ) 9<"$1"
}

has_toolchain() {
  cmp -s "$root/scripts/toolchain/package-lock.json" "$toolchain/installed-lock"
}

fetch_toolchain() {
  has_toolchain && return
  command -v npm >/dev/null || { say 'npm is missing: install Node.js 20 or newer with npm'; exit 1; }
  mkdir -p "$(dirname "$toolchain")"
  alone "$(dirname "$toolchain")" install_toolchain
}

install_toolchain() {
  has_toolchain && return
  say 'fetching Node.js 24 and pnpm from npm (once) ...'
  rm -rf "$toolchain".new* # of one that was killed
  mkdir "$toolchain.new"
  cp "$root/scripts/toolchain/package.json" "$root/scripts/toolchain/package-lock.json" "$toolchain.new/"
  # Not "npm ci": it insists on packages for systems this machine is not, which some registries do not carry.
  # Its own patience with a network that is not there is over ten silent minutes.
  # Not "--prefix": with it npm forgets the settings of this machine, such as its proxy and certificates.
  (
    cd "$toolchain.new"
    in_plain_environment npm install --ignore-scripts --no-audit --no-fund --no-update-notifier \
      --loglevel=error --fetch-retries=2 --fetch-timeout=60000 >&2
  )
  # What the install script of pnpm would do; no script of a package runs here.
  for program in "$toolchain.new"/node_modules/@pnpm/exe.*/pnpm; do
    [ ! -x "$program" ] || ln -sf "../${program#"$toolchain.new/node_modules/"}" "$toolchain.new/node_modules/.bin/pnpm"
  done
  cp "$root/scripts/toolchain/package-lock.json" "$toolchain.new/installed-lock"
  rm -rf "$toolchain"
  mv -T "$toolchain.new" "$toolchain"
}

is_new_enough() {
  "$1" -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 24 ? 0 : 1)' 2>/dev/null
}

case $(uname -m) in
  x86_64) node_arch=x64 ;;
  aarch64) node_arch=arm64 ;;
  *) node_arch=unknown ;;
esac

# A GitHub runner keeps newer versions of Node.js beside the one it has on PATH.
node=
for candidate in "$(command -v node || true)" "${RUNNER_TOOL_CACHE:-/nonexistent}"/node/*/"$node_arch"/bin/node; do
  if [ -x "$candidate" ] && is_new_enough "$candidate"; then
    node=$candidate
    break
  fi
done
if [ -z "$node" ]; then
  if [ "$node_arch" = unknown ]; then say "no Node.js 24 on PATH, and none known for $(uname -m)"; exit 1; fi
  fetch_toolchain
  node=$toolchain/node_modules/node-linux-$node_arch/bin/node
fi
