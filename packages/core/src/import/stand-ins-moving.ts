/** Bash: what stands in for programs that copy, move and remove. Marks move as the files would. */
export const moving = `# A folder, or a file? Names that are folders everywhere, and what is copied with -r.
__sources() {
  local whole=$1 one
  shift
  for one; do
    case $(basename "$one") in
      bin | lib | lib64 | libexec | share | usr | opt | etc | include | systemd) __vivify "$one" 1 ;;
      *) __vivify "$one" "$whole" ;;
    esac
  done
}
cp() {
  local whole= words=() flags=() folder=
  while (($#)); do
    case $1 in
      -t | --target-directory) folder=$2; shift ;;
      --recursive) whole=1; flags+=("$1") ;;
      -*[rR]*) [[ $1 == *a* ]] || whole=1; flags+=("$1") ;;
      -*) flags+=("$1") ;;
      *) words+=("$1") ;;
    esac
    shift
  done
  if [[ -z $folder ]]; then folder=\${words[-1]}; unset 'words[-1]'; fi
  __sources "$whole" "\${words[@]}"
  command cp "\${flags[@]}" -- "\${words[@]}" "$folder"
}
mv() {
  local words=() flags=() folder=
  while (($#)); do
    case $1 in
      -t) folder=$2; shift ;;
      -*) flags+=("$1") ;;
      *) words+=("$1") ;;
    esac
    shift
  done
  if [[ -z $folder ]]; then folder=\${words[-1]}; unset 'words[-1]'; fi
  __sources '' "\${words[@]}"
  command mv "\${flags[@]}" -- "\${words[@]}" "$folder"
}
rsync() {
  local words=() word
  for word; do [[ $word == -* ]] || words+=("$word"); done
  command mkdir -p "\${words[-1]}"
  if [[ \${words[0]} == */ ]]; then cp -a "\${words[0]}." "\${words[-1]}"; else cp -a "\${words[@]}"; fi
}
install() {
  local words=() flags=() folders= folder= parents=
  while (($#)); do
    case $1 in
      -o | -g | --owner | --group) shift ;;
      --owner=* | --group=*) ;;
      -m | --mode) flags+=(-m "$2"); shift ;;
      -m* | --mode=*) flags+=("$1") ;;
      -t) folder=$2; shift ;;
      -*D*m) parents=1; flags+=(-m "$2"); shift ;;
      -*m) flags+=(-m "$2"); shift ;;
      -*d*) folders=1 ;;
      -*D*) parents=1 ;;
      -*) ;;
      *) words+=("$1") ;;
    esac
    shift
  done
  if [[ -n $folders ]]; then command install -d "\${flags[@]}" -- "\${words[@]}"; return; fi
  if [[ -z $folder ]]; then folder=\${words[-1]}; unset 'words[-1]'; elif [[ -n $parents ]]; then command mkdir -p "$folder"; fi
  __sources '' "\${words[@]}"
  [[ -z $parents ]] || command mkdir -p "$(dirname "$folder")"
  command install "\${flags[@]}" -- "\${words[@]}" "$folder"
}
chmod() {
  local word mode=
  for word; do
    if [[ $word == -[Rvcf]* || $word == --* ]]; then continue; fi
    if [[ -z $mode ]]; then mode=$word; else __vivify "$word"; fi
  done
  command chmod "$@"
}
chown() { :; }
chgrp() { :; }
rm() {
  local word above made=()
  for word; do
    [[ $word == -* || -e $word || -L $word ]] && continue
    above=$(dirname "$word")
    [[ -d $above ]] || made+=("$above")
    if [[ $(command realpath -ms -- "$word") == /import/root/* ]] && __vivify "$word" && __marked "$word"; then
      __say gone "\${__f[1]}" "\${__f[2]}"
    fi
  done
  command rm -f "$@"
  local status=$?
  # Folders of the archive, that are there only because a member of it had to be somewhere.
  ((\${#made[@]} == 0)) || command rmdir -p --ignore-fail-on-non-empty -- "\${made[@]}" 2>/dev/null
  return $status
}
find() {
  local found name= start=\${1:-.} word before= tree
  found=$(command find "$@" 2>/dev/null | command grep -v '/@tree[.]')
  for word; do [[ $before == -name ]] && name=$word; before=$word; done
  if [[ -z $found && -n $name ]]; then
    while read -r tree; do
      if __vivify "$(dirname "$tree")/$name"; then
        __say guessed "$name"
        found=$(command find "$@" 2>/dev/null | command grep -v '/@tree[.]')
        break
      fi
    done < <(command find "$start" -name '@tree.*')
  fi
  [[ -z $found ]] || printf '%s\\n' "$found"
}
sed() {
  local word before= isIn= expression= words=()
  for word; do
    case $word in
      -i* | --in-place* | -[nEr]*i) isIn=1 ;;
      -e) ;;
      -*) ;;
      *) if [[ -z $expression ]]; then expression=$word; else words+=("$word"); fi ;;
    esac
  done
  if [[ -n $isIn ]]; then
    for word in "\${words[@]}"; do
      __vivify "$word"
      if __marked "$word"; then __say edit "$word" "$expression"; else command sed "$@"; return; fi
    done
  else command sed "$@"
  fi
}
cd() {
  if [[ $# -gt 0 && $1 != - ]]; then __vivify "$1" 1; fi
  builtin cd "$@" >/dev/null
}
pushd() { __vivify "$1" 1; builtin pushd "$@"; }
`;
