import { generateKeyPairSync } from 'node:crypto';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileServer, type FileServer } from '@bakery/testbed/file-server.ts';
import {
  hostileCases,
  hostileUpstream,
  pathOf,
  type HostileUpstream,
} from '@bakery/testbed/hostile-upstream.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { cacheIn } from './cache.ts';
import { type Download, type FetchContext, fetchArtifacts } from './fetch-artifacts.ts';
import { fetchHttp } from './http.ts';
import { Integrity } from './integrity/integrity.ts';
import { Signature } from './signature/signature.ts';

let hostile: HostileUpstream;
let honest: FileServer;
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
beforeAll(async () => {
  hostile = await hostileUpstream();
  honest = await fileServer({ '/x.tar': 'bytes' });
  folder = await mkdtempDisposable(join(tmpdir(), 'bakery-hostile-'));
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writeFile(join(folder.path, 'key.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
});
afterAll(async () => {
  await hostile[Symbol.asyncDispose]();
  await honest[Symbol.asyncDispose]();
  await folder.remove();
});

/** As a recipe writes it. */
interface Wanted {
  readonly url: string;
  readonly integrity: unknown;
  readonly signature?: unknown;
}
const none = { none: 'a test' };

/** Everything that is asked for, by what proves it; `bad` is the address that answers badly. */
const wanted: Readonly<Record<string, (bad: string, good: string) => Wanted>> = {
  'an artifact': (bad) => ({ url: `${bad}/x.tar`, integrity: none }),
  'an artifact of a known hash': (bad) => ({ url: `${bad}/x.tar`, integrity: `sha256:${'0'.repeat(64)}` }),
  'an artifact of a lock': (bad) => ({ url: `${bad}/x.tar`, integrity: { lock: 'a test' } }),
  'integrity from': (bad, good) => ({ url: good, integrity: { from: `${bad}/x.tar.sha256` } }),
  'integrity sums': (bad, good) => ({ url: good, integrity: { sums: `${bad}/SHA256SUMS` } }),
  'integrity github': () => ({
    url: 'https://github.com/o/r/releases/download/v1/x.tar',
    integrity: 'github',
  }),
  'signature openpgp': (bad, good) => ({
    url: good,
    integrity: none,
    signature: { openpgp: `${bad}/x.asc`, keys: 'key.pem', signs: 'artifact' },
  }),
  'signature clear-signed': (bad, good) => ({
    url: good,
    integrity: { sums: `${bad}/SHA256SUMS` },
    signature: { 'clear-signed': 'sums', keys: 'key.pem' },
  }),
  'signature cosign with a key': (bad, good) => ({
    url: good,
    integrity: none,
    signature: { cosign: `${bad}/x.sig`, key: 'key.pem', signs: 'artifact' },
  }),
  'signature cosign with an identity': (bad, good) => ({
    url: good,
    integrity: none,
    signature: {
      cosign: `${bad}/x.sigstore.json`,
      identity: 'a',
      issuer: 'https://b.example',
      signs: 'artifact',
    },
  }),
  'signature attestation': (_, good) => ({
    url: good,
    integrity: none,
    signature: { attestation: 'o/r' },
  }),
};

describe.each(Object.entries(wanted))('%s', (_, wantedAt) => {
  it.each(hostileCases)('survives %s', async (name) => {
    const bad = hostile.url + pathOf(name);
    const place = { file: 'recipe.yaml', line: 1, column: 1 };
    const { url, integrity, signature } = wantedAt(bad, `${honest.url}/x.tar`);
    const asked: Download = {
      place,
      url,
      integrity: Integrity.parse(integrity),
      ...(signature === undefined ? {} : { signature: Signature.parse(signature) }),
    };
    const work = fetchArtifacts([asked], context(bad));
    expect(await failureOf(work)).toEqual([]);
  });
});

function context(bad: string): FetchContext {
  const ports = {
    report: silentReport,
    random: () => 0,
    sleep: () => Promise.resolve(),
    offline: false,
    mirrors: [],
  };
  return {
    ...ports,
    exec: spawnExec(process.env),
    http: fetchHttp({ ...ports, userAgent: 'test', githubHosts: [], now: () => 0, attempts: 2 }),
    cache: cacheIn(join(folder.path, 'cache'), { verify: false, now: Date.now }),
    arch: 'arm64',
    recipeFolder: folder.path,
    githubApi: bad,
    lockFile: join(folder.path, 'artifacts.lock.json'),
    locked: true,
    trustedRoot: () => Promise.reject(new UserError('fetch.trusted-root', 'nobody is trusted')),
  };
}

/** What went wrong in a way that is no message to the reader. */
async function failureOf(work: Promise<unknown>): Promise<unknown[]> {
  try {
    await work;
    return [];
  } catch (error) {
    return error instanceof UserError ? [] : [error];
  }
}
