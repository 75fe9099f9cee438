import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startProgram, type StartedProgram } from '@bakery/testbed/started-program.ts';
import type { RedirectConfig } from '../src/config.ts';

export const deployedCaddyfile = fileURLToPath(new URL('../deploy/Caddyfile', import.meta.url));

export interface StartedCaddy extends StartedProgram {
  /** Ends in `/`. */
  readonly url: string;
}

/** Real Caddy with the Caddyfile we deploy, on 127.0.0.1. It keeps its own files in `folder`. */
export async function startCaddy(
  { repo, server }: RedirectConfig,
  folder: string,
  options: { readonly path: string; readonly pin?: readonly string[]; readonly cores?: number },
): Promise<StartedCaddy> {
  const port = await freePort();
  const config = join(folder, 'Caddyfile');
  // The admin interface and listening everywhere are Caddy's defaults.
  await writeFile(config, `{\n\tadmin off\n\tdefault_bind 127.0.0.1\n}\nimport ${deployedCaddyfile}\n`);
  const url = `http://127.0.0.1:${port}/`;
  const env = {
    PATH: options.path,
    HOME: folder,
    BAKERY_SITE: `:${port}`,
    BAKERY_REPO: repo,
    BAKERY_SERVER: server,
    ...(options.cores !== undefined && { GOMAXPROCS: String(options.cores) }),
  };
  const argv = [...(options.pin ?? []), 'caddy', 'run', '--config', config, '--adapter', 'caddyfile'];
  const program = await startProgram(argv, env, `${url}healthz`);
  return { ...program, url };
}
