const names = /^(npm_config_\w+|https?_proxy|no_proxy|ssl_cert_(file|dir)|node_extra_ca_certs)$/i;

/** How npm gets out of this machine (proxy, certificates, registry), where the environment says so. */
export function npmSettings(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const wanted = Object.entries(env).filter(([name]) => names.test(name));
  return Object.fromEntries(wanted.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
