# Sourced. "in_plain_environment COMMAND…" runs what installs packages with what it needs of the environment and nothing else:
# no list of the tokens a job may hold is ever complete. packages/core/src/ports/child-environment.ts is the same for programs.
in_plain_environment() {
  for kept in \
    PATH HOME USER LOGNAME LANG LANGUAGE TZ TERM TMPDIR SSL_CERT_FILE SSL_CERT_DIR LD_LIBRARY_PATH \
    http_proxy https_proxy all_proxy ftp_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY FTP_PROXY NO_PROXY \
    NODE_EXTRA_CA_CERTS XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_STATE_HOME PNPM_HOME \
    $(env | sed -n 's/^\(LC_[A-Z_]*\|npm_config_[A-Za-z0-9_]*\|NPM_CONFIG_[A-Za-z0-9_]*\)=.*/\1/p' |
      grep -Eiv 'token|secret|passw|credential|_auth$|_otp$|key$'); do
    if eval "[ -n \"\${$kept+set}\" ]"; then eval "set -- \"$kept=\$$kept\" \"\$@\""; fi
  done
  env -i "$@"
}
