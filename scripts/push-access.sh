# Sourced with a URL as $1: lets git show PUSH_TOKEN to that server, by environment, so that it lies in no file and
# in no list of processes.
if [ -n "${PUSH_TOKEN:-}" ]; then
  server=$(printf '%s\n' "$1" | sed -E 's#^(https?://[^/]+/).*#\1#')
  export GIT_CONFIG_COUNT=1
  export GIT_CONFIG_KEY_0="http.${server}.extraheader"
  GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$PUSH_TOKEN" | base64 -w0)"
  export GIT_CONFIG_VALUE_0
fi
