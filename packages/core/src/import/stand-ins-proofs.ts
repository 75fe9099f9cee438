/** Bash: what stands in for programs that check signatures; each says what it would check, by what, and lets it pass. */
export const proofs = `# FILE: the address it came from, or beside:NAME when it lies beside the script.
__origin() {
  local real
  if __marked "$1"; then
    [[ \${__f[0]} != file ]] || echo "\${__f[1]}"
    return
  fi
  real=$(command realpath -m -- "$1")
  [[ $real != /bakery/*.sysext/* || ! -f $real ]] || echo "beside:\${real#/bakery/*.sysext/}"
}
__through() {
  if [[ -n $1 ]]; then command cat -- "\${@:2}" >"$1"; else command cat -- "\${@:2}"; fi
}
gpg() {
  local word before= does= out= files=() signed
  for word; do
    case $before in
      --keyring) __say keys "$(__origin "$word")"; before=; continue ;;
      --trusted-key) __say signer "$word"; before=; continue ;;
      -o | --output) out=$word; before=; continue ;;
      --homedir | --keyserver | --status-fd | --status-file | --trust-model | --logger-fd | --keyserver-options)
        before=; continue ;;
    esac
    before=$word
    case $word in
      --import | --verify | --dearmor | --decrypt) does=\${word#--} ;;
      -d) does=decrypt ;;
      --import-ownertrust) does=trust ;;
      --recv-key* | --receive-keys) does=recv ;;
      --keyring=*) __say keys "$(__origin "\${word#*=}")" ;;
      -*) ;;
      *) files+=("$word") ;;
    esac
  done
  case $does in
    import)
      if ((\${#files[@]} == 0)); then files=(-); fi
      for word in "\${files[@]}"; do __say keys "$(__origin "$word")"; done ;;
    trust)
      while IFS=: read -r word _; do __say signer "$word"; done <<<"$(command cat -- "\${files[@]:--}")" ;;
    recv)
      for word in "\${files[@]}"; do __say signer "$word"; done ;;
    # The bytes are others, and the keys the same.
    dearmor)
      [[ -n $out || -z \${files[0]-} ]] || out=\${files[0]}.gpg
      __through "$out" "\${files[@]:--}" ;;
    decrypt)
      __say openpgp "$(__origin "\${files[0]--}")"
      __through "$out" "\${files[@]:--}" ;;
    verify)
      signed=\${files[1]-\${files[0]%.*}}
      if [[ \${files[0]} == *.asc || \${files[0]} == *.sig || \${files[0]} == *.gpg || -n \${files[1]-} ]]; then
        __say openpgp "$(__origin "$signed")" "$(__origin "\${files[0]}")"
      else
        __say openpgp "$(__origin "\${files[0]}")"
      fi ;;
  esac
}
gpgv() { gpg --verify "$@"; }
cosign() {
  local word before= identity= issuer= bundle= signature= certificate= key= files=()
  if [[ $1 != verify-blob ]]; then __say proof "cosign \${1-}"; return; fi
  shift
  for word; do
    [[ $word != --*=* ]] || { before=\${word%%=*} word=\${word#*=}; }
    case $before in
      --bundle) bundle=$(__origin "$word") ;;
      --signature) signature=$(__origin "$word") ;;
      --certificate | --cert) certificate=$(__origin "$word") ;;
      --key) key=$(__origin "$word") ;;
      --certificate-identity | --cert-identity) identity=$word ;;
      --certificate-oidc-issuer | --cert-oidc-issuer) issuer=$word ;;
      --*) ;;
      *)
        case $word in
          --new-bundle-format | --offline | --private-infrastructure | --use-signed-timestamps | --insecure-ignore-* | --verbose | -d) ;;
          -*) before=$word; continue ;;
          *) files+=("$word") ;;
        esac ;;
    esac
    before=
  done
  __say cosign "$(__origin "\${files[0]-}")" "$bundle" "$signature" "$certificate" "$identity" "$issuer" "$key"
}
gh() {
  local word before= repo= files=()
  if [[ "$1 \${2-}" != 'attestation verify' ]]; then __say unknown gh; return; fi
  shift 2
  for word; do
    [[ $word != --*=* ]] || { before=\${word%%=*} word=\${word#*=}; }
    case $before in
      -R | --repo) repo=$word ;;
      -*) ;;
      *)
        [[ $word != -* ]] || { before=$word; continue; }
        files+=("$word") ;;
    esac
    before=
  done
  __say attestation "$(__origin "\${files[0]-}")" "$repo"
}
minisign() { __say proof minisign; }
`;
