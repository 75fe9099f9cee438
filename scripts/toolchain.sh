# Sourced with $root set, and in $needed_packages what of this checkout is about to run: cli, actions, bundle, or all (when unset),
# which is what tests and checks need. Leaves $node: a Node.js 24 or newer, with the packages for that installed.

. "$root/scripts/find-node.sh"
# shellcheck source=scripts/plain-environment.sh
. "$root/scripts/plain-environment.sh"

# A larger set is good for whoever needs a smaller one.
has_packages() {
  case $1 in
    none) return 0 ;;
    cli) enough='-cli -actions -bundle' ;;
    actions) enough='-actions -bundle' ;;
    bundle) enough='-bundle' ;;
    all) enough= ;;
  esac
  for mark in $enough ''; do
    cmp -s "$root/pnpm-lock.yaml" "$root/node_modules/.installed-lock$mark" && return
  done
  return 1
}

install_packages() {
  has_packages "$1" && return
  # Where somebody works on the bakery, everything stays installed.
  if [ "$1" = all ] || [ -e "$root/node_modules/.installed-lock" ]; then
    mark=
    only=
  else
    mark=-$1
    # The lock is checked where somebody may have changed it; to ask the registry how old each package is takes a minute.
    only="--prod --filter-prod @bakery/$1... --trust-lockfile"
  fi
  fetch_toolchain
  say 'installing the packages of this checkout ...'
  # One that is killed leaves no mark, and pnpm finishes its work the next time.
  rm -f "$root"/node_modules/.installed-lock*
  # shellcheck disable=SC2086 # a list of words
  (
    cd "$root"
    # CI: it asks nobody.
    in_plain_environment PATH="$(dirname "$node"):$PATH" CI=true \
      "$toolchain/node_modules/.bin/pnpm" install --frozen-lockfile --reporter=silent --config.fetch-retries=2 --config.fetch-retry-maxtimeout=10000 --config.fetch-timeout=60000 $only >&2
  )
  cp "$root/pnpm-lock.yaml" "$root/node_modules/.installed-lock$mark"
}

has_packages "${needed_packages:=all}" || alone "$root" install_packages "$needed_packages"
