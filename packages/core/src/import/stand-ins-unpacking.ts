/** Bash: what stands in for programs that unpack. Members come into being when a script names them. */
export const unpacking = `# What is not there yet, and lies below an archive that was unpacked, must have come out of it.
__vivify() {
  local path=$1 folder=\${2-} at up rel tree one words
  [[ -e $path || -L $path ]] && return 0
  case $path in */ | */.) folder=1 ;; esac
  at=$(command realpath -ms -- "$path")
  up=$(dirname "$at") rel=$(basename "$at") tree=
  while :; do
    for one in "$up"/@tree.*; do
      [[ -e $one ]] || continue
      __marked "$one"
      words=$(basename "\${__f[1]}")
      if [[ -z $tree || $words == *"\${rel%%/*}"* || $words == *"$(basename "$rel")"* ]]; then tree=$one; fi
    done
    [[ -n $tree || $up == / ]] && break
    rel=$(basename "$up")/$rel
    up=$(dirname "$up")
  done
  if [[ -z $tree ]]; then
    __say missing "$path"
    return 1
  fi
  __marked "$tree"
  local inside=\${__f[2]:+\${__f[2]}/}$rel
  if [[ -n $folder ]]; then
    command mkdir -p "$at"
    __number
    __mark tree "\${__f[1]}" "$inside" "\${__f[3]-0}" >"$at/@tree.$__n"
  else
    command mkdir -p "$(dirname "$at")"
    __mark member "\${__f[1]}" "$inside" "\${__f[3]-0}" >"$at"
    command chmod 640 "$at"
  fi
}
# Unpacks the archive whose mark is in __f into a folder: parts dropped, then members.
__unpack() {
  local folder=$1 strip=$2 member rel n url=\${__f[1]-}
  shift 2
  if [[ \${__f[0]-} == member && \${__f[2]-} != content ]]; then __say cannot 'an archive inside an archive' "\${__f[2]-}"; fi
  command mkdir -p "$folder"
  if (($# == 0)); then
    __number
    __mark tree "$url" '' "$strip" >"$folder/@tree.$__n"
    return
  fi
  for member; do
    rel=\${member#./}
    for ((n = 0; n < strip; n++)); do [[ $rel == */* ]] && rel=\${rel#*/}; done
    if [[ $rel == */ ]]; then
      command mkdir -p "$folder/$rel"
      __number
      __mark tree "$url" "\${rel%/}" "$strip" >"$folder/$rel@tree.$__n"
    else
      command mkdir -p "$(dirname "$folder/$rel")"
      __mark member "$url" "$rel" "$strip" >"$folder/$rel"
      command chmod 640 "$folder/$rel"
    fi
  done
}
tar() {
  local mode= archive=- folder=. strip=0 members=() print= first=1 all=("$@") letter letters
  while (($#)); do
    case $1 in
      -C | --directory) folder=$2; shift ;;
      --directory=*) folder=\${1#*=} ;;
      --strip-components=* | --strip=*) strip=\${1#*=} ;;
      --strip-components | --strip) strip=$2; shift ;;
      -f | --file) archive=$2; shift ;;
      --file=*) archive=\${1#*=} ;;
      --exclude=* | --transform=* | --xform=*) __say cannot "tar \${1%%=*}" "\${1#*=}" ;;
      --exclude | --transform | --xform) __say cannot "tar $1" "$2"; shift ;;
      --extract | --get) mode=x ;;
      --create) mode=c ;;
      --list) mode=t ;;
      --to-stdout) print=1 ;;
      --*) ;;
      *)
        if [[ $1 == -* || -n $first ]]; then
          letters=\${1#-}
          while [[ -n $letters ]]; do
            letter=\${letters:0:1} letters=\${letters:1}
            case $letter in
              x | c | t) mode=$letter ;;
              O) print=1 ;;
              f) archive=$2; shift ;;
              C) folder=$2; shift ;;
            esac
          done
        else members+=("$1"); fi ;;
    esac
    first=
    shift
  done
  [[ $archive == - ]] || __vivify "$archive"
  if [[ $mode == x ]] && __marked "$archive"; then
    if [[ -n $print ]]; then __mark member "\${__f[1]}" "\${members[0]-}" "$strip"; else __unpack "$folder" "$strip" "\${members[@]}"; fi
  elif [[ $mode == t ]]; then __say cannot 'tar -t' "$archive"
  else command tar "\${all[@]}"
  fi
}
bsdtar() { tar "$@"; }
unzip() {
  local folder=. words=() print= junk= member
  while (($#)); do
    case $1 in
      -d) folder=$2; shift ;;
      -x) shift $(($# - 1)) ;;
      -*p* | -*c*) print=1 ;;
      -*j*) junk=1 ;;
      -*) ;;
      *) words+=("$1") ;;
    esac
    shift
  done
  __vivify "\${words[0]}"
  __marked "\${words[0]}" || return 1
  if [[ -n $print ]]; then __mark member "\${__f[1]}" "\${words[1]-}" 0; return; fi
  if [[ -z $junk ]]; then __unpack "$folder" 0 "\${words[@]:1}"; return; fi
  command mkdir -p "$folder"
  for member in "\${words[@]:1}"; do
    __mark member "\${__f[1]}" "$member" 0 >"$folder/$(basename "$member")"
    command chmod 640 "$folder/$(basename "$member")"
  done
}
dpkg-deb() {
  local words=() word
  for word; do [[ $word == -* ]] || words+=("$word"); done
  __marked "\${words[0]}" && __unpack "\${words[1]:-.}" 0
}
dpkg() { if [[ $1 == -x || $1 == --extract ]]; then dpkg-deb "$@"; else __say cannot dpkg "$*"; fi; }
ar() {
  local form
  __marked "\${@:2:1}" || return 1
  for form in xz zst gz; do __mark file "\${__f[1]}" >"data.tar.$form"; done
}
rpm2cpio() { command cat "\${1:--}"; }
cpio() { if __marked -; then __unpack . 0; fi; }
__decompress() {
  local tool=$1 out= print= words=() word
  shift
  local all=("$@")
  while (($#)); do
    case $1 in
      -o) out=$2; shift ;;
      --stdout | --to-stdout) print=1 ;;
      --*) ;;
      -*c*) print=1 ;;
      -*) ;;
      *) words+=("$1") ;;
    esac
    shift
  done
  if ((\${#words[@]} == 0)); then
    __marked - && __mark member "\${__f[1]}" content 0
    return
  fi
  for word in "\${words[@]}"; do
    __vivify "$word"
    if ! __marked "$word"; then command "$tool" "\${all[@]}"; return; fi
    if [[ -n $print ]]; then __mark member "\${__f[1]}" content 0; continue; fi
    __mark member "\${__f[1]}" content 0 >"\${out:-\${word%.*}}"
    command chmod 640 "\${out:-\${word%.*}}"
  done
}
gunzip() { __decompress gunzip "$@"; }
zcat() { __decompress zcat -c "$@"; }
gzip() { __decompress gzip "$@"; }
xz() { __decompress xz "$@"; }
unxz() { __decompress unxz "$@"; }
xzcat() { __decompress xzcat -c "$@"; }
bunzip2() { __decompress bunzip2 "$@"; }
bzip2() { __decompress bzip2 "$@"; }
zstd() { __decompress zstd "$@"; }
unzstd() { __decompress unzstd "$@"; }
`;
