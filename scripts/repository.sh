# Sourced: prints OWNER/NAME of the URL $1 of a repository on a server, and nothing for a path.
repository_of() {
  printf '%s\n' "${1%.git}" | sed -nE 's#^(https?://[^/]+/|[^/]+@[^:/]+:)([^/]+/[^/]+)$#\2#p'
}
