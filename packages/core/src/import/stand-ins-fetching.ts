/** Bash: what stands in for programs that ask the network. What they would bring is a mark that says where from. */
export const fetching = `__say() {
  local i line=0
  for ((i = 1; i < \${#BASH_SOURCE[@]}; i++)); do
    if [[ \${BASH_SOURCE[i]} == /bakery/* ]]; then line=\${BASH_LINENO[i - 1]}; break; fi
  done
  local IFS=$'\\x1f'
  printf '%s\\x1f%s\\x1f%s\\x1e' "$1" "$line" "\${*:2}" >>/import/log
}
__mark() {
  local IFS=$'\\x1f'
  printf 'bakery-import\\x1f%s\\n' "$*"
}
# Reads the mark of a file ("-" is stdin) into __f: kind, address, path inside, parts dropped.
__marked() {
  local text=
  __f=()
  if [[ $1 == - ]]; then IFS= read -r text; else
    [[ -f $1 ]] || return 1
    IFS= read -r text <"$1" 2>/dev/null || return 1
  fi
  [[ $text == bakery-import$'\\x1f'* ]] || return 1
  IFS=$'\\x1f' read -ra __f <<<"\${text#*$'\\x1f'}"
}
__number() {
  __n=$(($(command cat /import/number 2>/dev/null || echo 0) + 1))
  echo "$__n" >/import/number
}
# A version nobody has, one for each project.
__newest() {
  local sum
  sum=$(command cksum <<<"\${1//"\${__version#v}"/}") # an address may hold the version
  local version="v90\${sum:0:3}.\${sum:3:2}.1"
  __say newest "$1" "$version" "\${2-}"
  echo "$version"
}
__feed() {
  printf '%s\\n' v91.81.71 v90.80.70 v91.81.71-rc.1 v91.81.71+k3s1 v90.80.70+k3s1 v91.81.71+rke2r1 v90.80.70+rke2r1 91.81.71 90.80.70
}
__feed_json() {
  local one comma=
  printf '['
  while read -r one; do
    printf '%s{"%s":"%s","name":"%s","prerelease":false,"draft":false}' "$comma" tag_name "$one" "$one"
    comma=,
  done < <(__feed)
  printf ']\\n'
}
# An address in which the content of what was fetched stands, with a version in the place of it.
__filled() {
  local url=$1 one mark
  while IFS= read -r one; do
    mark=bakery-import$'\\x1f'file$'\\x1f'$one
    [[ $url != *"$mark"* ]] || url=\${url//"$mark"/"$(__newest "$one")"}
  done < <(command sort -ru /import/asked 2>/dev/null)
  printf '%s' "$url"
}
__answer() {
  if [[ $1 == *bakery-import* ]]; then set -- "$(__filled "$1")"; fi
  local where=\${1#https://api.github.com/repos/}
  if [[ $where != "$1" ]]; then
    local project=\${where%%/releases*}
    project=\${project%%/tags*}
    project=\${project%%/git/*}
    case $where in
      */releases/latest*) printf '{"tag_name":"%s","name":"","assets":[]}\\n' "$(__newest "$project")"; return ;;
      */releases\\?* | */releases) __say list github-releases "$project"; __feed_json; return ;;
      */tags*) __say list github-tags "$project"; __feed_json; return ;;
    esac
  fi
  if [[ $1 =~ ^https://([^/]+)/api/v4/projects/([^/]+)/repository/tags ]]; then
    __say list gitlab-tags "\${BASH_REMATCH[1]}" "\${BASH_REMATCH[2]}"
    __feed_json
    return
  fi
  __say fetch "$1"
  echo "$1" >>/import/asked
  __mark file "$1"
}
jq() {
  local words=() text
  for text in "$@"; do [[ $text == -* ]] || words+=("$text"); done
  if [[ -n \${words[1]-} ]]; then text=$(command cat "\${words[1]}" 2>/dev/null); else text=$(command cat); fi
  if [[ $text == bakery-import* ]]; then
    local url=\${text#*file$'\\x1f'}
    url=\${url%%$'\\n'*}
    __say asked "$url" "\${words[0]-}"
    if [[ $__mode == list ]]; then __feed; else __newest "$url" "\${words[0]-}"; fi
  elif [[ $text == \\[* ]]; then __feed
  else command sed -n 's/.*"tag_name":"\\([^"]*\\)".*/\\1/p' <<<"$text"
  fi
}
yq() { jq "$@"; }
grep() {
  if [[ \${__mode-} == list ]]; then __say grep "$@"; fi
  command grep "$@"
}
`;
