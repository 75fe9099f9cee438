import { cp, mkdir, mkdtempDisposable, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Fault, fileServer } from '@bakery/testbed/file-server.ts';
import { untilKept } from '../../testing/kept-bytes.ts';
import { type SampleBakery, sampleBakery, sampleContent } from '../../testing/sample-bakery.ts';
import { cacheIn } from '../fetch/cache.ts';
import { fetchHttp } from '../fetch/http.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { type FileServer, type ServedAnswer, serveFolder } from '../serve/serve-folder.ts';
import { directoryStore } from '../store/directory.ts';
import { parseManifest } from '../sysupdate/manifest.ts';
import { type MirrorRequest, downloadsFolder, mirrorBakery } from './mirror.ts';
import { openSource } from './open-source.ts';

const theirHub = 'https://hub.example/extensions';
const request: MirrorRequest = { extensions: [], prune: false, hub: undefined, known: [] };

let stack: AsyncDisposableStack;
let bakery: SampleBakery;
let site: string;
let server: FileServer;
let asked: ServedAnswer[];
let root: string;
let warnings: string[];

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  bakery = stack.use(await sampleBakery(theirHub));
  const { path: folder } = stack.use(await mkdtempDisposable(join(tmpdir(), 'mirror-')));
  [root, site] = [join(folder, 'copy'), join(folder, 'site')];
  [asked, warnings] = [[], []];
  await mkdir(site);
  server = stack.use(await serveFolder(site, { onAnswer: (answer) => asked.push(answer) }));
  for (const version of ['v1.33.5+k3s1', 'v1.34.1+k3s1']) await bakery.publish('k3s', version);
  await bakery.publish('docker', '24.0.7');
  await bakery.publish('docker-compose', '2.24.5');
  await bakery.index();
  await serveAll();
});
afterEach(() => stack.disposeAsync());

describe.each(['url', 'dir'] as const)('a mirror of a %s', (kind) => {
  it('has what the original has, in the same places', async () => {
    const mirrored = await mirror(kind);
    expect(mirrored.failures).toEqual([]);
    expect(mirrored.extensions.map(({ name, copied, index }) => [name, copied, index])).toEqual([
      ['docker', ['24.0.7'], 'written'],
      ['docker-compose', ['2.24.5'], 'written'],
      ['k3s', ['v1.34.1+k3s1', 'v1.33.5+k3s1'], 'written'],
    ]);
    expect(await filesOf(root)).toEqual(await filesOf(bakery.root));
    expect(await leftovers(root)).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('copies only what is new the second time, and keeps what is gone', async () => {
    await mirror(kind);
    const before = await stat(join(root, 'k3s/SHA256SUMS'));
    asked.length = 0;
    expect((await mirror(kind)).extensions).toMatchObject([
      { copied: [], there: ['24.0.7'], index: 'unchanged' },
      { copied: [], there: ['2.24.5'], index: 'unchanged' },
      { copied: [], there: ['v1.34.1+k3s1', 'v1.33.5+k3s1'], index: 'unchanged' },
    ]);
    expect((await stat(join(root, 'k3s/SHA256SUMS'))).mtimeMs).toBe(before.mtimeMs);
    expect(asked.filter(({ path }) => path.endsWith('.raw'))).toEqual([]);

    await bakery.publish('k3s', 'v1.35.0+k3s1');
    await rm(join(bakery.root, 'k3s-v1.33.5+k3s1'), { recursive: true });
    await bakery.index();
    await serveAll();
    expect((await mirror(kind)).extensions[2]).toMatchObject({
      copied: ['v1.35.0+k3s1'],
      there: ['v1.34.1+k3s1'],
    });
    expect(await versionsIn('k3s')).toEqual(['v1.33.5+k3s1', 'v1.34.1+k3s1', 'v1.35.0+k3s1']);
    expect(await readdir(join(root, 'k3s'))).toContain('k3s-v1.33.conf');
    await expectSound();
  });

  it('forgets what is gone when told to prune', async () => {
    await mirror(kind);
    await rm(join(bakery.root, 'k3s-v1.33.5+k3s1'), { recursive: true });
    for (const tag of ['docker', 'docker-24.0.7']) await rm(join(bakery.root, tag), { recursive: true });
    await bakery.index();
    await serveAll();
    expect((await mirror(kind, { prune: true })).pruned).toEqual([
      'docker',
      'docker-24.0.7',
      'k3s-v1.33.5+k3s1',
    ]);
    expect(await filesOf(root)).toEqual(await filesOf(bakery.root));
  });
});

it('keeps a version that is gone when somebody put a file of theirs into it', async () => {
  await mirror('url');
  await writeFile(join(root, 'docker-24.0.7/notes.txt'), 'mine');
  for (const tag of ['docker', 'docker-24.0.7']) await rm(join(bakery.root, tag), { recursive: true });
  await bakery.index();
  await serveAll();
  expect((await mirror('url', { prune: true })).pruned).toEqual(['docker']);
  expect(await read('docker-24.0.7/notes.txt')).toBe('mine');
  expect(warnings).toContain(
    'docker-24.0.7: is gone from the source, but kept: the bakery did not write notes.txt',
  );
});

it('copies only the extensions that are named, and prunes no others', async () => {
  await mirror('url', { extensions: ['docker'] });
  expect(await readdir(root)).toEqual(expect.arrayContaining(['docker', 'docker-24.0.7', 'SHA256SUMS']));
  expect(parseManifest(await read('SHA256SUMS'))).toHaveLength(2);
  await mirror('url', { extensions: ['k3s'], prune: true });
  expect(parseManifest(await read('SHA256SUMS'))).toHaveLength(6);
  await expectSound();
});

it('points sysupdate files at the hub that is named, and nothing else of them', async () => {
  await mirror('url', { hub: 'http://10.0.0.1/sysext/' });
  const [theirs, ours] = await Promise.all(
    [bakery.root, root].map((folder) => readFile(join(folder, 'k3s/k3s-v1.34.transfer'), 'utf8')),
  );
  expect(ours).toContain('\nPath=http://10.0.0.1/sysext/k3s/\n');
  expect(ours).toBe(theirs?.replace(`${theirHub}/k3s/`, 'http://10.0.0.1/sysext/k3s/'));
  expect(await read('k3s.conf')).toContain('http://10.0.0.1/sysext/k3s/');
  await expect(mirror('url', { hub: 'ftp://x/', extensions: ['k3s'] })).resolves.toMatchObject({
    failures: [{ name: 'k3s', error: { message: expect.stringContaining('http://…') } }],
  });
});

it('goes on with a download where it was cut off', async () => {
  await using shaky = await fileServer();
  for (const path of await pathsOf(site)) {
    shaky.serve(`/${path}`, { body: '', redirect: { to: `${server.url}${path}` } });
  }
  const image = 'k3s-v1.34.1+k3s1-x86-64.raw';
  const body = sampleContent(image);
  const faults: readonly Fault[] = [
    {
      kind: 'reset',
      after: 30_000,
      times: 1,
      sent: (end, url) => untilKept(downloadsFolder(root), url, end),
    },
    { kind: 'reset', after: 0 },
  ];
  shaky.serve(`/k3s/${image}`, { body, faults });
  const first = await mirror(shaky.url, { extensions: ['k3s'] });
  expect(first.failures).toMatchObject([{ version: 'v1.34.1+k3s1' }]);
  expect(await versionsIn('k3s')).toEqual(['v1.33.5+k3s1']);
  await expectSound();

  shaky.serve(`/k3s/${image}`, body);
  const before = shaky.log.length;
  asked.length = 0;
  expect((await mirror(shaky.url, { extensions: ['k3s'] })).failures).toEqual([]);
  const images = shaky.log
    .slice(before)
    .filter(({ path, method }) => path.endsWith('.raw') && method === 'GET');
  expect(images.map(({ path, headers }) => [path, headers.range])).toEqual([
    [`/k3s/${image}`, 'bytes=30000-'],
  ]);
  expect(await versionsIn('k3s')).toEqual(['v1.33.5+k3s1', 'v1.34.1+k3s1']);
});

it('refuses an image that is not what the index says, and copies the rest', async () => {
  await serve('/k3s/k3s-v1.34.1+k3s1-arm64.raw', 'something else');
  const { failures } = await mirror('url');
  expect(failures).toMatchObject([
    { name: 'k3s', version: 'v1.34.1+k3s1', error: { message: expect.stringContaining('expected sha256:') } },
  ]);
  expect(await versionsIn('k3s')).toEqual(['v1.33.5+k3s1']);
  expect(await versionsIn('docker')).toEqual(['24.0.7']);
  await expectSound();
});

it('refuses a version that changed since it was copied', async () => {
  await mirror('url');
  const changed = (await read('k3s/SHA256SUMS')).replace(/^[0-9a-f]{64}/, '0'.repeat(64));
  await serve('/k3s/SHA256SUMS', changed);
  const { failures } = await mirror('url');
  expect(failures.map(({ error }) => error.message)).toEqual([
    expect.stringMatching(/^k3s-v1\.33\.5\+k3s1: expected .* with sha256 0{64} in the copy made earlier/),
  ]);
  expect(await versionsIn('k3s')).toEqual(['v1.33.5+k3s1', 'v1.34.1+k3s1']);
  await expectSound();
});

it('keeps a signed index byte for byte, with its signature, and of another the day until which it is good', async () => {
  await mirror('url');
  const signature = Uint8Array.from([0x89, 0xff, 0x00, 0x01]);
  const text = (await read('k3s/SHA256SUMS')).split('\n').filter((line) => !line.includes('v1.33'));
  const signed = `${text.toReversed().join('\n').trim()}\n${bestBefore}`;
  await serve('/k3s/SHA256SUMS', signed);
  await serve('/k3s/SHA256SUMS.gpg', signature);
  await serve('/SHA256SUMS.asc', 'all of it\n');
  expect((await mirror('url')).failures).toEqual([]);
  expect(await read('k3s/SHA256SUMS')).toBe(signed);
  expect(new Uint8Array(await readFile(join(root, 'k3s/SHA256SUMS.gpg')))).toEqual(signature);
  expect((await stat(join(root, 'k3s-v1.33.5+k3s1'))).isDirectory()).toBe(true);
  // The global index names an image this copy no longer lists, so its signature cannot be kept.
  expect(await readdir(root)).not.toContain('SHA256SUMS.asc');

  await remove('/k3s/SHA256SUMS.gpg');
  await serve('/k3s/SHA256SUMS', bestBefore + (await readFile(join(bakery.root, 'k3s/SHA256SUMS'), 'utf8')));
  await mirror('url');
  expect(await read('k3s/SHA256SUMS')).toContain(bestBefore);
  expect(warnings).toEqual([]);
  expect(await readdir(join(root, 'k3s'))).not.toContain('SHA256SUMS.gpg');
  expect(await read('SHA256SUMS.asc')).toBe('all of it\n');
  expect(await read('SHA256SUMS')).toBe(await readFile(join(bakery.root, 'SHA256SUMS'), 'utf8'));
});

it('finds images in the releases of a repository, where there is no folder with all of them', async () => {
  for (const path of await pathsOf(bakery.root)) {
    if (!path.includes('/') || /^[\w-]+\/[^/]+\.raw$/.test(path)) await remove(`/${path}`);
  }
  for (const path of await pathsOf(bakery.root)) {
    const bytes = await readFile(join(bakery.root, path));
    if (/^(SHA256SUMS|catalogue\.json|noop\.\w+)$/.test(path))
      await serve(`/octo/bakery/releases/download/SHA256SUMS/${path}`, bytes);
    if (/^[^/]+-v?\d[^/]*\/|^[\w-]+\/.*(conf|transfer|SUMS)$/.test(path)) {
      await serve(`/octo/bakery/releases/download/${path}`, bytes);
    }
  }
  expect((await mirror('github:octo/bakery')).failures).toEqual([]);
  expect(await filesOf(root)).toEqual(await filesOf(bakery.root));
});

it('says what is missing, and leaves nothing behind where nobody answers', async () => {
  await expect(mirror('http://127.0.0.1:9/')).rejects.toThrow('cannot be reached');
  expect(await readdir(dirname(root))).toEqual(['site']);
  await mirror('url');
  await remove('/SHA256SUMS');
  await expect(mirror('url')).rejects.toThrow('expected SHA256SUMS, the index of everything, found none');
  expect((await mirror('url', { extensions: ['k3s'] })).failures).toEqual([]);
  expect((await mirror('url', { extensions: ['nobody'] })).failures).toMatchObject([
    { error: { message: expect.stringContaining('nobody: expected nobody/SHA256SUMS at http') } },
  ]);
  await expect(mirror('ftp://x')).rejects.toThrow('SOURCE: expected https://HUB/extensions/, dir:PATH or');
});

const bestBefore = `e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  BEST-BEFORE-2099-12-31\n`;
const patientHttp = fetchHttp({
  mirrors: [],
  userAgent: 'bakery-test',
  githubHosts: [],
  offline: false,
  report: silentReport,
  sleep: () => pause(20),
  random: () => 0,
  now: Date.now,
});

async function mirror(source: string, wishes: Partial<MirrorRequest> = {}) {
  const text = { url: server.url, dir: `dir:${bakery.root}` }[source] ?? source;
  const report = { ...silentReport, warn: (line: string) => void warnings.push(line) };
  const context = {
    http: patientHttp,
    cache: cacheIn(downloadsFolder(root), { verify: true, now: Date.now }),
    report,
    sleep: () => pause(20),
    random: () => 0,
    offline: false,
    cwd: '/',
    githubServer: server.url.replace(/\/$/, ''),
  };
  const store = directoryStore(root, 'http://127.0.0.1:8080');
  const from = openSource(text, context);
  const world = { exec: spawnExec({}), tmpdir: tmpdir(), sleep: async () => {} };
  return mirrorBakery({ ...request, ...wishes }, { source: from, store, root, report, ...world });
}

/** The folder as it is now, over HTTP. */
async function serveAll(): Promise<void> {
  for (const name of await readdir(site)) await rm(join(site, name), { recursive: true });
  await cp(bakery.root, site, { recursive: true });
}

async function serve(path: string, body: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(site, path)), { recursive: true });
  await writeFile(join(site, path), body);
}

function remove(path: string): Promise<void> {
  return rm(join(site, path));
}

async function pathsOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('.bakery'))
    .toSorted();
}

async function filesOf(folder: string): Promise<Record<string, string>> {
  const texts = (await pathsOf(folder)).map(
    async (path) => [path, await readFile(join(folder, path), 'utf8')] as const,
  );
  return Object.fromEntries(await Promise.all(texts));
}

async function versionsIn(name: string): Promise<readonly string[]> {
  const entries = parseManifest(await read(`${name}/SHA256SUMS`));
  const versions = entries.map((entry) =>
    entry.name.slice(name.length + 1).replace(/-(x86-64|arm64)\.raw$/, ''),
  );
  return [...new Set(versions)].toSorted();
}

/** Every index names only what lies beside it, whole. */
async function expectSound(): Promise<void> {
  for (const path of (await pathsOf(root)).filter((one) => one.endsWith('SHA256SUMS'))) {
    for (const { name } of parseManifest(await read(path))) {
      expect(await read(path.replace(/SHA256SUMS$/, name))).toBe(sampleContent(name));
    }
  }
}

function read(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8');
}

/** What is half done; the record of what is whole stays. */
async function leftovers(folder: string): Promise<readonly string[]> {
  return (await readdir(join(folder, '.bakery'))).filter((name) => name !== 'record');
}
