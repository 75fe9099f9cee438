# Sourced with $root set. Leaves $node: a Node.js 24 or newer, with this checkout's packages installed.

. "$root/scripts/find-node.sh"

if ! cmp -s "$root/pnpm-lock.yaml" "$root/node_modules/.installed-lock"; then
  fetch_toolchain
  say 'installing the packages of this checkout ...'
  (cd "$root" && PATH="$(dirname "$node"):$PATH" "$toolchain/node_modules/.bin/pnpm" install --frozen-lockfile --reporter=silent >&2)
  cp "$root/pnpm-lock.yaml" "$root/node_modules/.installed-lock"
fi
