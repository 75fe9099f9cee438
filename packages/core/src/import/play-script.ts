/** Bash: runs one function of the script and prints what came of it, in parts that end in control characters. */
export const play = `# MODE NAME ARCH VERSION [--OPTION VALUE]...
__mode=$1 extname=$2 __version=\${4:-none}
scriptroot=/bakery
export -f $(compgen -A function)
export __mode __version
source "/bakery/$extname.sysext/create.sh" >/dev/null 2>/import/said </dev/null
cd /import/work
case $__mode in
  list)
    (populate_sysext_root_options) >/import/help 2>/dev/null
    : >/import/log
    (list_available_versions) >/import/versions 2>/import/said ;;
  populate)
    for __one in usr opt; do
      [[ ! -e /bakery/$extname.sysext/files/$__one ]] || command cp -a "/bakery/$extname.sysext/files/$__one" /import/root/
    done
    (populate_sysext_root /import/root "\${@:3}") >/dev/null 2>/import/said ;;
esac </dev/null
__status=$?
builtin cd /import
[[ -z "\${EXTENSION_VERSION_MATCH_PATTERN-}" ]] ||
  command grep -xE -e "\${EXTENSION_VERSION_MATCH_PATTERN-}" versions >wanted 2>/dev/null
printf '%s\\x1e' "$__status" "\${RELOAD_SERVICES_ON_MERGE-}" "\${EXTENSION_VERSION_MATCH_PATTERN-}" \\
  "$(command cat versions 2>/dev/null)" "$(command cat wanted 2>/dev/null)" "$(command cat help 2>/dev/null)" "$(command tail -c 600 said)"
printf '\\x1d'
command cat log 2>/dev/null
printf '\\x1d'
command find root -mindepth 1 -printf '%y\\037%m\\037/%P\\037%l\\037%s\\036'
printf '\\x1d'
command find root -type f -size -65k -printf '%P\\n' | while IFS= read -r __one; do
  printf '/%s\\x1f%s\\x1e' "$__one" "$(command base64 -w0 "root/$__one")"
done
`;
