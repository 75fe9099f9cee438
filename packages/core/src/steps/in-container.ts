import { inputFolder } from './container-args.ts';

/** Where the script below leaves the names and versions of all packages of the container. */
export const packageList = `${inputFolder}/.packages`;

export const scriptName = '.in-container';

/**
 * Runs inside a container: `.in-container PROGRAM PACKAGE…` installs packages with whatever the image has, lists
 * all installed ones, then becomes PROGRAM (nothing when empty). Text and not a file, so that bundles hold it.
 */
export const containerScript = `#!/bin/sh
set -eu
program=$1
shift
cd ${inputFolder}
chown -hR 0:0 . # Docker copies files with the owner they have outside
mkdir -p "\${OUT:-/out}"

if [ $# -gt 0 ]; then
  if command -v apk >/dev/null; then
    apk add --no-cache -- "$@"
  elif command -v apt-get >/dev/null; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -- "$@"
  elif command -v dnf >/dev/null; then
    dnf install --assumeyes --setopt=install_weak_deps=False "$@"
  elif command -v zypper >/dev/null; then
    zypper --non-interactive install --no-recommends "$@"
  else
    echo "expected apk, apt-get, dnf or zypper in the image, to install: $*" >&2
    exit 1
  fi
fi

if [ -e /lib/apk/db/installed ]; then
  while IFS= read -r line; do
    case $line in
    P:*) name=\${line#P:} ;;
    V:*) version=\${line#V:} ;;
    '') echo "$name $version" ;;
    esac
  done </lib/apk/db/installed >${packageList}
elif command -v dpkg-query >/dev/null; then
  dpkg-query --show --showformat '\${Package} \${Version}\\n' >${packageList} || :
elif command -v rpm >/dev/null; then
  rpm --query --all --queryformat '%{NAME} %{VERSION}-%{RELEASE}\\n' >${packageList}
else
  : >${packageList}
fi

[ -z "$program" ] || exec "$program"
`;
