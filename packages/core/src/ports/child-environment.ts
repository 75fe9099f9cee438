import { basename } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What `program` gets of the environment of this process: what is named here and nothing else, so that no tokens
 * of a job reach programs that work on what strangers made. Steps that need more name it to `Exec.run`.
 */
export function childEnvironment(program: string, env: Environment): Record<string, string> {
  const own = ofPrograms.find(({ programs }) => programs.includes(basename(program)));
  const names = own === undefined ? [everybody] : [everybody, own.names];
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && names.some((some) => some.test(name)) && !secret.test(name)
        ? [[name, value]]
        : [],
    ),
  );
}

// LD_LIBRARY_PATH: programs of Conda and the like do not start without it.
const everybody =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TZ|TERM|TMPDIR|SOURCE_DATE_EPOCH|LD_LIBRARY_PATH|SSL_CERT_(?:FILE|DIR)|(?:https?|all|ftp|no)_proxy|(?:HTTPS?|ALL|FTP|NO)_PROXY)$/;

/** What some programs need beside it. */
const ofPrograms: readonly { readonly programs: readonly string[]; readonly names: RegExp }[] = [
  {
    programs: ['podman', 'docker', 'skopeo', 'umoci'],
    // Where the daemon is and what files say; an access token is in none of them.
    names:
      /^(?:XDG_(?:RUNTIME_DIR|CONFIG_HOME|DATA_HOME|CACHE_HOME)|DBUS_SESSION_BUS_ADDRESS|DOCKER_(?:HOST|CONFIG|CONTEXT|CERT_PATH|TLS_VERIFY|API_VERSION)|CONTAINER_(?:HOST|CONNECTION|SSHKEY)|CONTAINERS_\w+|STORAGE_\w+|REGISTRY_AUTH_FILE)$/,
  },
  // A token for a private registry belongs into ~/.npmrc as it is: one of the environment would reach whatever host
  // a recipe or a mirror names as a registry.
  { programs: ['npm'], names: /^(?:npm_config_\w+|NPM_CONFIG_\w+|NODE_EXTRA_CA_CERTS|NODE_COMPILE_CACHE)$/ },
  {
    programs: ['git'],
    // Not GIT_CONFIG_COUNT and its values, in which workflows put headers that carry a token.
    names:
      /^(?:GIT_SSL_CA(?:INFO|PATH)|GIT_CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)|XDG_CONFIG_HOME|CURL_CA_BUNDLE)$/,
  },
  { programs: ['mmdebstrap'], names: /^APT_CONFIG$/ },
  { programs: ['systemd-sysupdate', 'systemd-sysext', 'systemd-dissect'], names: /^SYSTEMD_\w+$/ },
];

/** Last word: a name that sounds like a secret is one, e.g. npm_config__authToken. */
const secret = /TOKEN|SECRET|PASSW|CREDENTIAL|_AUTH$|_OTP$|(?<!SSH)KEY$/i;
