/**
 * Bash: the helpers that scripts of flatcar/sysext-bakery call, under the names they use; our own code. `rundir` and
 * `scriptroot` are set by whoever runs a script.
 */
export const scriptHelpers = `# NAME DEFAULT ARGUMENT...: the value of --NAME.
get_optional_param() {
  local name=$1 value=\${2-}
  shift 2
  while (($#)); do
    if [[ $1 == --"$name" ]]; then value=\${2-}; break; fi
    shift
  done
  echo "$value"
}
# NUMBER ARGUMENT...: what stands there when options and their values are left out.
get_positional_param() {
  local wanted=$1 number=0
  shift
  while (($#)); do
    if [[ $1 == --* ]]; then shift; else
      number=$((number + 1))
      if ((number == wanted)); then echo "$1"; return; fi
    fi
    shift
  done
}
check_arch() { [[ $1 == x86-64 || $1 == arm64 ]]; }
# FROM TO ARCH: another name of ARCH when it is FROM.
arch_transform() { if [[ $3 == "$1" ]]; then echo "$2"; else echo "$3"; fi; }
announce() { echo "$*" >&2; }
curl_api_wrapper() { curl --fail --silent --show-error --location --retry 3 --retry-delay 5 "$@"; }
# ADDRESS FILTER: what jq finds in all pages.
__pages() {
  local page text
  for ((page = 1; page <= 20; page++)); do
    text=$(curl_api_wrapper "$1?per_page=100&page=$page") || return
    jq -r "$2" <<<"$text" || return
    (($(jq length <<<"$text") == 100)) || return 0
  done
}
list_github_releases() {
  __pages "https://api.github.com/repos/$1/$2/releases" '.[] | select(.prerelease | not) | .tag_name' | sort -Vr
}
list_github_tags() { __pages "https://api.github.com/repos/$1/$2/tags" '.[].name' | sort -Vr; }
list_gitlab_tags() { __pages "https://$1/api/v4/projects/$2/repository/tags" '.[].name' | sort -Vr; }
list_latest_release() { list_available_versions | head -n 1; }
# The bakery writes those files itself, from streams: in the recipe.
_create_sysupdate() { : >"\${5:-$1.conf}"; }
`;
