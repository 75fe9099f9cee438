import { mirrored, type Mirrors } from '../fetch/mirrors.ts';

/** In front of every git command: settings of the user that would change what is checked out do not count. */
function settings(mirrors: Mirrors): string[] {
  const pairs = [
    'core.autocrlf=false',
    'core.hooksPath=/dev/null',
    'advice.detachedHead=false',
    // What a submodule may name beside the web is a file or a command of this machine, or a login of its user.
    'protocol.allow=never',
    'protocol.https.allow=always',
    'protocol.http.allow=always',
    // git itself applies mirrors, to submodules too.
    ...mirrors
      .filter(({ prefix }) => /^https?:/.test(prefix))
      .map(({ prefix, target }) => `url.${target}.insteadOf=${prefix}`),
  ];
  return pairs.flatMap((pair) => ['-c', pair]);
}

export interface GitPlace {
  readonly url: string;
  readonly folder: string;
  readonly mirrors: Mirrors;
}

export function initArgs({ folder, mirrors }: GitPlace): string[] {
  return [...settings(mirrors), 'init', '--quiet', '--', folder];
}

/** Relative submodules need to know where their parent came from. */
export function remoteArgs({ url, folder }: GitPlace): string[] {
  return ['-C', folder, 'remote', 'add', '--', 'origin', url];
}

/** Lists what `ref` may stand for; a tag with a message comes a second time as the commit it names. */
export function listRefArgs({ url, mirrors }: GitPlace, ref: string): string[] {
  const names = [`refs/tags/${ref}`, `refs/tags/${ref}^{}`, `refs/heads/${ref}`];
  return [...settings(mirrors), 'ls-remote', '--', url, ...names];
}

export function fetchArgs({ folder, mirrors }: GitPlace, what: string): string[] {
  const options = ['--quiet', '--depth=1', '--no-tags'];
  return [...settings(mirrors), '-C', folder, 'fetch', ...options, '--', 'origin', what];
}

export function fetchedCommitArgs({ folder }: GitPlace): string[] {
  return ['-C', folder, 'rev-parse', '--verify', '--quiet', 'FETCH_HEAD^{commit}'];
}

export function checkoutArgs({ folder, mirrors }: GitPlace, commit: string): string[] {
  return [...settings(mirrors), '-C', folder, 'checkout', '--quiet', '--detach', commit];
}

export function submodulesArgs({ folder, mirrors }: GitPlace): string[] {
  const update = ['submodule', '--quiet', 'update', '--init', '--recursive', '--depth=1'];
  return [...settings(mirrors), '-C', folder, ...update];
}

export function submoduleStatusArgs({ folder }: GitPlace): string[] {
  return ['-C', folder, 'submodule', 'status', '--recursive'];
}

export function applyArgs(folder: string, patch: string): string[] {
  return ['-C', folder, 'apply', '--whitespace=nowarn', '--', patch];
}

/** Where git really asks, for messages. */
export function askedAt({ url, mirrors }: GitPlace): string {
  return mirrored(url, mirrors);
}
