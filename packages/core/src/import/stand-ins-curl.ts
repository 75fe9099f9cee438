/** Bash: curl and wget as far as scripts use them; `__answer URL` says what stands there. */
export const curling = `__save() {
  local url=$1 to=$2
  [[ $to == */ ]] && to=$to$(basename "\${url%%\\?*}")
  if [[ $to == - || -z $to ]]; then __answer "$url"; return; fi
  command mkdir -p "$(dirname "$to")"
  __answer "$url" >"$to" || { command rm -f -- "$to"; return 22; }
}
curl() {
  local outs=() urls=() all= folder= make=
  while (($#)); do
    case $1 in
      -o | --output) outs+=("$2"); shift ;;
      --output-dir) folder=$2; shift ;;
      -O | --remote-name) outs+=(/) ;;
      --remote-name-all) all=1 ;;
      --url) urls+=("$2"); shift ;;
      -[HAumXwdDbcTFCKerEyYx] | --header | --user-agent | --user | --max-time | --retry | --retry-delay | \\
        --retry-max-time | --connect-timeout | --request | --write-out | --data | --proto | --proto-redir | \\
        --dump-header | --limit-rate | --max-redirs | --parallel-max | --cacert | --continue-at) shift ;;
      --*) ;;
      -*o) outs+=("$2"); shift ;;
      -*[HmAuwX]) shift ;;
      -*O*) outs+=(/) ;;
      -*) ;;
      *) urls+=("$1") ;;
    esac
    shift
  done
  local i to failed=0
  for i in "\${!urls[@]}"; do
    to=\${outs[i]-}
    [[ -z $to && -n $all ]] && to=/
    [[ $to == / ]] && to=$(basename "\${urls[i]%%\\?*}")
    [[ -n $folder && -n $to ]] && to=$folder/$to
    __save "\${urls[i]}" "$to" || failed=$?
  done
  return $failed
}
wget() {
  local to=/ at folder=. urls=() url failed=0
  while (($#)); do
    case $1 in
      -O | --output-document) to=$2; shift ;;
      --output-document=*) to=\${1#*=} ;;
      -P | --directory-prefix) folder=$2; shift ;;
      --directory-prefix=*) folder=\${1#*=} ;;
      --header | --tries | --timeout | -t | -T | -U) shift ;;
      -*O-) to=- ;;
      -*O) to=$2; shift ;;
      -*) ;;
      *) urls+=("$1") ;;
    esac
    shift
  done
  for url in "\${urls[@]}"; do
    at=$to
    [[ $at != / ]] || at=$folder/$(basename "\${url%%\\?*}")
    __save "$url" "$at" || failed=$?
  done
  return $failed
}
`;
