import { UserError } from '@bakery/core/diagnostics.ts';
import { hubPrefix } from '@bakery/core/hub.ts';

export interface RedirectConfig {
  /** Whose releases hosts are sent to: `OWNER/REPO`. */
  readonly repo: string;
  /** Where it is: `https://github.com` or a GitHub Enterprise Server, without a `/` at the end. */
  readonly server: string;
  /** What all paths start with, `/extensions/` by default; starts and ends in `/`. */
  readonly prefix: string;
}

export const defaultServer = 'https://github.com';
export const defaultPrefix = hubPrefix;

/** Checks what a person wrote, once. */
export function redirectConfig(wanted: {
  readonly repo: string;
  readonly server?: string | undefined;
  readonly prefix?: string | undefined;
}): RedirectConfig {
  const { repo, server = defaultServer, prefix = defaultPrefix } = wanted;
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/[A-Za-z0-9._-]+$/.test(repo) || /\/\.{1,2}$/.test(repo)) {
    throw new UserError('input.invalid', `repository to redirect to: expected OWNER/REPO, got "${repo}"`);
  }
  const url = URL.parse(server);
  if (url === null || !/^https?:$/.test(url.protocol) || url.origin !== server.replace(/\/$/, '')) {
    throw new UserError('input.invalid', `server to redirect to: expected https://HOST, got "${server}"`);
  }
  if (!/^\/(?:[A-Za-z0-9_-]+\/)*$/.test(prefix)) {
    throw new UserError('input.invalid', `prefix of all paths: expected /WORD/, got "${prefix}"`);
  }
  return { repo, server: url.origin, prefix };
}

/** Where people find the bakery. */
export function homeUrl({ server, repo }: Pick<RedirectConfig, 'repo' | 'server'>): string {
  return `${server}/${repo}`;
}

/** What every location of a file begins with. */
export function downloadsUrl({ server, repo }: Pick<RedirectConfig, 'repo' | 'server'>): string {
  return `${server}/${repo}/releases/download`;
}
