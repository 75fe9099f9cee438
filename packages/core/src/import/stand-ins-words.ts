import { scriptHelpers } from '../steps/script-helpers.ts';

/** Bash: the helpers that scripts of the reference call, and what stands in for builders, which nothing can be read from. */
export const words = `${scriptHelpers}
# Sums that stand in the script, of files that were fetched.
__written() {
  local word list=- sum file
  for word; do [[ $word == -* || $word == 256 || $word == 512 ]] || list=$word; done
  while read -r sum file; do
    [[ ! $sum =~ ^[0-9a-f]{40,128}$ || $sum =~ ^0+$ ]] || __say written "$(__origin "\${file#\\*}")"
  done <<<"$(command cat -- "$list" 2>/dev/null)"
}
__sum() {
  local word
  for word; do
    if [[ $word == -c || $word == --check || $word == -*c ]]; then __say check "$*"; __written "$@"; return 0; fi
  done
  for word; do [[ $word == -* || $word == 256 || $word == 512 ]] || printf '%064d  %s\\n' 0 "$word"; done
}
sha256sum() { __sum "$@"; }
sha512sum() { __sum "$@"; }
sha1sum() { __sum "$@"; }
md5sum() { __sum "$@"; }
shasum() { __sum "$@"; }
sleep() { :; }
sudo() { "$@"; }
timeout() { shift; "$@"; }
rundir=/import/work
__container() {
  local tool=$1 word image=
  shift
  for word; do
    if [[ $word == */*:* && $word != /* && $word != *:/* && -z $image ]]; then image=$word; fi
  done
  __say container "$tool" "$image"
}
docker() { __container docker "$@"; }
podman() { __container podman "$@"; }
buildah() { __container buildah "$@"; }
git() {
  local word url= ref= before=
  for word; do
    [[ $before == --branch || $before == -b ]] && ref=$word
    [[ $word == https://* && -z $url ]] && url=$word
    before=$word
  done
  if [[ $1 == ls-remote ]]; then
    __say list git "$url"
    __feed | command sed 's,^,0000000000000000000000000000000000000000\\trefs/tags/,'
    return
  fi
  __say git "$url" "$ref" "$*"
  [[ $1 != clone ]] || command mkdir -p "$(basename "\${before%.git}")"
}
for __one in make cmake meson ninja cargo go gcc cc rustc npm pip pip3 apk apt apt-get patchelf strip; do
  eval "$__one() { __say cannot $__one \\"\\$*\\"; }"
done
command_not_found_handle() { __say unknown "$1"; }

get_optional_param() {
  local name=$1 default=\${2-} value
  shift
  __say option "$name" "$default"
  value=$default
  while (($#)); do
    if [[ $1 == --"$name" ]]; then value=\${2-}; break; fi
    shift
  done
  echo "$value"
}
announce() { :; }
list_github_releases() { __say list github-releases "$1/$2"; __feed; }
list_github_tags() { __say list github-tags "$1/$2"; __feed; }
list_gitlab_tags() { __say list gitlab-tags "$1" "$2"; __feed; }
list_latest_release() { list_available_versions | head -n 1; }
_create_sysupdate() { __say sysupdate "$*"; : >"\${5:-$1.conf}"; }
`;
