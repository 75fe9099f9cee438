import { join } from 'node:path';

/** Where downloads are kept: `env` is the environment, `homedir` an absolute folder. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>, homedir: string): string {
  const chosen = env['BAKERY_CACHE'];
  if (chosen) return chosen;
  // A runner keeps this folder between the jobs of a self-hosted machine. The tool-cache library is no help
  // in it: it files whole tools by semver, and deletes an entry before it writes it again.
  const runner = env['RUNNER_TOOL_CACHE'];
  if (runner) return join(runner, 'bakery');
  const xdg = env['XDG_CACHE_HOME'];
  // Relative paths are to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/
  return join(xdg?.startsWith('/') ? xdg : join(homedir, '.cache'), 'bakery');
}
