import type { Part } from './flatwrap-layout.ts';

/** What `/usr/bin/PROGRAM` becomes. `program` is a plain path of the private root. */
export function wrapperScript(name: string, program: string): string {
  return `#!/bin/sh
exec "\${FLATWRAP_ROOT-}/usr/lib/flatwrap/${name}/enter" ${program} "$@"
`;
}

/**
 * Builds the private root in a mount namespace and runs a program in it. FLATWRAP_ROOT stands in front of all
 * paths of the image, to try one that is not merged. unshare does not need a setuid helper where bwrap is missing.
 */
export function enterScript(name: string, parts: readonly Part[]): string {
  return `#!/bin/sh
# Runs "$@" in the root beside this script, with these parts of the host:
# ${parts.flatMap(({ kind, path }) => (kind === 'host' ? [path] : [])).join(' ')}
set -eu
home=\${FLATWRAP_ROOT-}/usr/lib/flatwrap/${name}
top=$home/mount

from_host() {
  if [ -d "$1" ]; then
    mkdir -p "$top$1"
    mount --rbind "$1" "$top$1"
  fi
}

from_root() {
  mkdir -p "$top$1"
  mount --rbind "$home/root$1" "$top$1"
}

build() {
  mount -t tmpfs -o mode=0755 flatwrap "$top"
${parts.map(mountLine).join('\n')}
  cwd=$PWD
  [ -d "$top$cwd" ] || cwd=/
}

if [ "\${1-}" = --in-user-namespace ]; then
  user=$2
  group=$3
  shift 3
  build
  exec unshare --user --map-user="$user" --map-group="$group" --root="$top" --wd="$cwd" -- "$@"
elif [ "\${1-}" = --in-mount-namespace ]; then
  shift
  build
  exec unshare --root="$top" --wd="$cwd" -- "$@"
elif [ "$(id -u)" = 0 ]; then
  exec unshare --mount -- "$home/enter" --in-mount-namespace "$@"
elif [ -z "\${NOBWRAP-}" ] && command -v bwrap >/dev/null; then
  exec bwrap \\
${parts.map(bwrapLine).join(' \\\n')} \\
    -- "$@"
else
  exec unshare --user --map-root-user --mount -- \\
    "$home/enter" --in-user-namespace "$(id -u)" "$(id -g)" "$@"
fi
`;
}

function mountLine(part: Part): string {
  if (part.kind === 'link') return `  ln -s -- ${part.to} "$top${part.path}"`;
  return part.kind === 'host' ? `  from_host ${part.path}` : `  from_root ${part.path}`;
}

/** Devices of the host keep working with --dev-bind only. */
function bwrapLine(part: Part): string {
  if (part.kind === 'link') return `    --symlink ${part.to} ${part.path}`;
  if (part.kind === 'host') return `    --dev-bind-try ${part.path} ${part.path}`;
  return `    --ro-bind "$home/root${part.path}" ${part.path}`;
}
