import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileServer, fileServer } from '@bakery/testbed/file-server.ts';
import { cacheIn } from '../src/fetch/cache.ts';
import type { FetchContext } from '../src/fetch/fetch-artifacts.ts';
import { fetchHttp } from '../src/fetch/http.ts';
import { silentReport } from '../src/ports/report.ts';
import { spawnExec } from '../src/ports/spawn.ts';

/** For tests: an upstream on loopback and everything that fetches from it. */
export interface Bench extends AsyncDisposable {
  readonly server: FileServer;
  readonly folder: string;
  readonly context: FetchContext;
  /** What was told and warned so far. */
  readonly said: readonly string[];
}

export async function signatureBench(): Promise<Bench> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'bakery-signature-'));
  const server = await fileServer();
  const said: string[] = [];
  const tell = (line: string): void => void said.push(line);
  const ports = {
    report: { ...silentReport, info: tell, warn: tell },
    random: () => 0,
    sleep: async () => {},
  };
  const shared = { ...ports, offline: false, mirrors: [] };
  return {
    server,
    folder: folder.path,
    said,
    context: {
      ...shared,
      exec: spawnExec(process.env),
      http: fetchHttp({ ...shared, userAgent: 'test', githubHosts: [], now: Date.now }),
      cache: cacheIn(join(folder.path, 'cache'), { verify: false, now: Date.now }),
      arch: 'arm64',
      githubApi: `${server.url}/api`,
      recipeFolder: folder.path,
      lockFile: join(folder.path, 'artifacts.lock.json'),
      locked: false,
      trustedRoot: () => Promise.reject(new Error('nobody is trusted')),
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await folder.remove();
    },
  };
}
