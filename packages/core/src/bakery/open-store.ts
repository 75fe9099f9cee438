import { resolve } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { githubClient } from '../github/client.ts';
import { type GithubConfig, parseRepository } from '../github/config.ts';
import type { Ports } from '../ports/ports.ts';
import { directoryStore } from '../store/directory.ts';
import { githubStore } from '../store/github.ts';
import type { Store } from '../store/store.ts';
import type { HostProcess } from './host-process.ts';

const servedAt = 'http://127.0.0.1:8080'; // Where "bakery serve" is by default; --hub says where hosts really look.

interface StorePorts extends Ports {
  readonly github: GithubConfig;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly longestWait?: number;
}

/** `dir:PATH` or `github:OWNER/REPO`. */
export function openStore(store: string, io: HostProcess, { github, ...ports }: StorePorts): Store {
  const [, kind, place = ''] = /^(dir|github):(.+)$/.exec(store) ?? [];
  if (kind === 'dir')
    return directoryStore(resolve(io.cwd, place), servedAt, { name: store, report: ports.report });
  if (kind === 'github') {
    return githubStore({
      ...ports,
      ...parseRepository(place, '--store'),
      scratch: io.tmpdir,
      client: githubClient(github, ports),
    });
  }
  throw new UserError('input.invalid', `--store: expected dir:PATH or github:OWNER/REPO, got "${store}"`);
}
