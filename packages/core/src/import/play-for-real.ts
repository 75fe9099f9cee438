import { scriptHelpers } from '../steps/script-helpers.ts';
import { curling } from './stand-ins-curl.ts';

/**
 * Bash: runs populate_sysext_root with the system's own programs, and prints the tree it made. Downloads are files of
 * /fetched, under the hash of their address; what is not there is asked for, and NAME.none says that nothing is there.
 */
export const playForReal = `# NAME ARCH VERSION [--OPTION VALUE]...
extname=$1
scriptroot=/bakery
rundir=/import/work
umask 022
__answer() {
  local key
  key=$(printf %s "$1" | command sha256sum)
  key=\${key%% *}
  if [[ -f /fetched/$key ]]; then command cat "/fetched/$key"; return; fi
  [[ -e /fetched/$key.none ]] || printf '%s\\x1e' "$1" >>/import/wanted
  return 22
}
${scriptHelpers}
${curling}
# Signatures were no concern of the tree, and there are no keys here.
gpg() { :; }
gpgv() { :; }
gh() { :; }
cosign() { :; }
minisign() { :; }
sudo() { "$@"; }
chown() { :; }
chgrp() { :; }
sleep() { :; }
export -f $(compgen -A function)
source "/bakery/$extname.sysext/create.sh" >/dev/null 2>/import/said </dev/null
set +eu
cd /import/work
for __one in usr opt; do
  [[ ! -e /bakery/$extname.sysext/files/$__one ]] || command cp -R --preserve=mode,links "/bakery/$extname.sysext/files/$__one" /import/root/
done
(set -eo pipefail && populate_sysext_root /import/root "\${@:2}") >/dev/null 2>/import/said </dev/null
__status=$?
set +o pipefail
printf '%s\\x1d' "$__status" "$(command tail -c 600 /import/said)"
command cat /import/wanted 2>/dev/null
printf '\\x1d'
cd /import
command find root -mindepth 1 -printf '%y\\037%m\\037/%P\\037%l\\037%s\\036'
printf '\\x1d'
command find root -type f -exec sha256sum -z {} + | command tr '\\0' '\\036'
`;
