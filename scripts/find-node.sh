# Sourced with $root set. Leaves $node: a Node.js 24 or newer, fetched when the machine has none.
# What is missing comes from npm, pinned with integrity by scripts/toolchain/package-lock.json, into the cache.

toolchain=${BAKERY_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/bakery}/toolchain

say() { printf 'bakery: %s\n' "$*" >&2; }

fetch_toolchain() {
  cmp -s "$root/scripts/toolchain/package-lock.json" "$toolchain/installed-lock" && return
  command -v npm >/dev/null || { say 'npm is missing: install Node.js 20 or newer with npm'; exit 1; }
  say 'fetching Node.js 24 and pnpm from npm (once) ...'
  mkdir -p "$toolchain.new.$$"
  cp "$root/scripts/toolchain/package.json" "$root/scripts/toolchain/package-lock.json" "$toolchain.new.$$/"
  # Not "npm ci": it insists on packages for systems this machine is not, which some registries do not carry.
  # Its own patience with a network that is not there is over ten silent minutes.
  npm install --prefix "$toolchain.new.$$" --ignore-scripts --no-audit --no-fund --no-update-notifier \
    --loglevel=error --fetch-retries=2 --fetch-timeout=60000 >&2
  cp "$root/scripts/toolchain/package-lock.json" "$toolchain.new.$$/installed-lock"
  rm -rf "$toolchain"
  # Two first runs at once: whoever comes second finds the folder there and throws its own away.
  mv -T "$toolchain.new.$$" "$toolchain" 2>/dev/null || rm -rf "$toolchain.new.$$"
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
