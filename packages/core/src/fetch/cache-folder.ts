import { join } from 'node:path';

/** Where downloads are kept: `env` is the environment, `homedir` an absolute folder. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>, homedir: string): string {
  const chosen = env['BAKERY_CACHE'];
  if (chosen) return chosen;
  const xdg = env['XDG_CACHE_HOME'];
  // Relative paths are to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/
  return join(xdg?.startsWith('/') ? xdg : join(homedir, '.cache'), 'bakery');
}
