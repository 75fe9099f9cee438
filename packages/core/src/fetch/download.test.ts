import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtempDisposable, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type Fault, fileServer } from '@bakery/testbed/file-server.ts';
import { keptBytes, unfinishedIn, untilKept } from '../../testing/kept-bytes.ts';
import { silentReport } from '../ports/report.ts';
import { cacheIn } from './cache.ts';
import { download, type DownloadPorts } from './download.ts';
import { hashOf } from './hashing.ts';
import { fetchHttp } from './http.ts';
import { openPartial } from './partial-file.ts';

const body = randomBytes(300_000);
const expected = { algorithm: 'sha256', hex: hashOf(body), source: 'test' } as const;

describe('download', () => {
  it('keeps a read-only file under its hash and asks only once', async () => {
    await using server = await fileServer({ '/x': body });
    await using ports = await testPorts();
    const file = await download({ url: `${server.url}/x`, expected, proof: 'test' }, ports);
    expect(file).toEqual({
      path: join(ports.cache.folder, 'sha256', expected.hex.slice(0, 2), expected.hex),
      size: body.length,
      sha256: expected.hex,
    });
    expect((await stat(file.path)).mode & 0o777).toBe(0o444);
    expect(await download({ url: `${server.url}/x`, expected, proof: 'test' }, ports)).toEqual(file);
    expect(await download({ url: `${server.url}/elsewhere`, expected, proof: 'test' }, ports)).toEqual(file);
    expect(server.log).toHaveLength(1);
    expect(await unfinishedIn(ports.cache.folder)).toEqual([]);
  });

  it('finds a sha512 in the cache too', async () => {
    await using server = await fileServer({ '/x': body });
    await using ports = await testPorts();
    const sha512 = { algorithm: 'sha512', hex: hashOf(body, 'sha512'), source: 'test' } as const;
    await download({ url: `${server.url}/x`, expected, proof: 'test' }, ports);
    await download({ url: `${server.url}/x`, expected: sha512, proof: 'test' }, ports);
    expect(server.log).toHaveLength(1);
  });

  it('resumes where a connection was reset, as often as it takes', async () => {
    await using ports = await testPorts();
    await using server = await fileServer({
      '/x': { body, faults: [resetAt(50_000, ports, 5)] },
    });
    await download({ url: `${server.url}/x`, expected, proof: 'test' }, ports);
    const ranges = server.log.map(({ headers }) => headers.range);
    expect(ranges).toEqual([undefined, ...[1, 2, 3, 4, 5].map((part) => `bytes=${part * 50_000}-`)]);
    expect(server.log.at(-1)?.headers['if-range']).toMatch(/^"[0-9a-f]+"$/);
  });

  it('resumes by Last-Modified where there is no strong ETag', async () => {
    const lastModified = 'Mon, 23 Nov 2026 11:00:00 GMT';
    await using ports = await testPorts();
    await using server = await fileServer({
      '/x': { body, etag: 'W/"weak"', lastModified, faults: [resetAt(50_000, ports)] },
    });
    await download({ url: `${server.url}/x`, expected, proof: 'test' }, ports);
    expect(server.log[1]?.headers).toMatchObject({ range: 'bytes=50000-', 'if-range': lastModified });
  });

  it.each<[string, readonly Fault[], string | false]>([
    ['knows no ranges', [{ kind: 'no-range' }], 'a'],
    ['tells nothing to compare', [], false],
  ])('starts over when the server %s', async (_title, faults, etag) => {
    await using ports = await testPorts();
    await using server = await fileServer({
      '/x': { body, etag, faults: [...faults, resetAt(50_000, ports)] },
    });
    await download({ url: `${server.url}/x`, expected, proof: 'test' }, ports);
    expect(server.log).toHaveLength(2);
  });

  it('starts over when the file changed between two attempts', async () => {
    await using ports = await testPorts();
    await using server = await fileServer({
      '/x': { body: randomBytes(300_000), faults: [resetAt(50_000, ports)] },
    });
    const replace = async () => server.serve('/x', body);
    await download({ url: `${server.url}/x`, expected, proof: 'test' }, { ...ports, sleep: replace });
    expect(server.log).toHaveLength(2);
  });

  it('starts over when the file became shorter than what is here', async () => {
    await using ports = await testPorts();
    await using server = await fileServer({
      '/x': { body: randomBytes(300_000), etag: 'same', faults: [resetAt(50_000, ports)] },
    });
    const short = Buffer.from('short');
    const replace = async () => server.serve('/x', { body: short, etag: 'same' });
    const wanted = { algorithm: 'sha256', hex: hashOf(short), source: 'test' } as const;
    const file = await download(
      { url: `${server.url}/x`, expected: wanted, proof: 'test' },
      { ...ports, sleep: replace },
    );
    expect(file.size).toBe(5);
    expect(server.log.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=50000-', undefined]);
  });

  it('completes a body that ended before its Content-Length', async () => {
    await using server = await fileServer({
      '/x': { body, faults: [{ kind: 'length', claim: body.length + 10, times: 1 }] },
    });
    await using ports = await testPorts();
    await download({ url: `${server.url}/x`, expected, proof: 'test' }, ports);
    expect(server.log.length).toBeGreaterThan(1);
  });

  it('refuses a body that was cut without a word', async () => {
    await using server = await fileServer({ '/x': { body, faults: [{ kind: 'cut', after: 1000 }] } });
    await using ports = await testPorts();
    await expect(download({ url: `${server.url}/x`, expected, proof: 'test' }, ports)).rejects.toThrow(
      `${server.url}/x: expected sha256:${expected.hex} (from test), got sha256:${hashOf(body.subarray(0, 1000))}`,
    );
  });

  it('refuses other bytes than expected and keeps none of them', async () => {
    await using server = await fileServer({ '/x': 'something else' });
    await using ports = await testPorts();
    await expect(download({ url: `${server.url}/x`, expected, proof: 'test' }, ports)).rejects.toMatchObject({
      name: 'UserError',
      message: `${server.url}/x: expected sha256:${expected.hex} (from test), got sha256:${hashOf('something else')}`,
    });
    expect(await unfinishedIn(ports.cache.folder)).toEqual([]);
    expect(await readdir(ports.cache.folder)).toEqual(['partial']);
  });

  it('gives up on a server that never gets further, and goes on in the next run', async () => {
    await using server = await fileServer({ '/x': { body, faults: [{ kind: 'reset', after: 0 }] } });
    await using ports = await testPorts();
    server.serve('/x', {
      body,
      etag: 'a',
      faults: [resetAt(70_000, ports), { kind: 'reset', after: 0 }],
    });
    const request = { url: `${server.url}/x`, expected, proof: 'test' };
    await expect(download(request, ports)).rejects.toThrow(`${request.url}: broke off 5 times at byte 70000`);
    server.serve('/x', { body, etag: 'a' });
    await download(request, ports);
    expect(server.log.at(-1)?.headers.range).toBe('bytes=70000-');
    expect(await unfinishedIn(ports.cache.folder)).toEqual([]);
  });

  it('refuses what is larger than allowed, announced or not', async () => {
    await using server = await fileServer({
      '/x': body,
      '/y': { body, faults: [{ kind: 'cut', after: body.length }] },
    });
    await using ports = await testPorts();
    const request = { expected, proof: 'test', maxBytes: 1000 };
    await expect(download({ ...request, url: `${server.url}/x` }, ports)).rejects.toThrow(
      'expected at most 1000 bytes, got 300000 bytes',
    );
    await expect(download({ ...request, url: `${server.url}/y` }, ports)).rejects.toThrow(
      'expected at most 1000 bytes, got more',
    );
  });

  it('says that there is no such file', async () => {
    await using server = await fileServer();
    await using ports = await testPorts();
    await expect(download({ url: `${server.url}/x`, proof: 'none' }, ports)).rejects.toThrow(
      'got 404 (no such file)',
    );
    expect(await unfinishedIn(ports.cache.folder)).toEqual([]);
  });

  it('lets two downloads of one address run at once', async () => {
    await using server = await fileServer({
      '/x': { body, faults: [{ kind: 'slow', chunkBytes: 50_000, pauseMs: 10 }] },
    });
    await using ports = await testPorts();
    const request = { url: `${server.url}/x`, expected, proof: 'test' };
    const [one, two] = await Promise.all([download(request, ports), download(request, ports)]);
    expect(one).toEqual(two);
    expect(hashOf(await readFile(one.path))).toBe(expected.hex);
    expect(await unfinishedIn(ports.cache.folder)).toEqual([]);
  });

  it('takes from the cache what was fetched, and says what is missing, when offline', async () => {
    await using server = await fileServer({ '/x': body });
    await using ports = await testPorts();
    const offline = { ...ports, offline: true };
    const url = `${server.url}/x`;
    await expect(download({ url, expected, proof: 'test' }, offline)).rejects.toMatchObject({
      message: `${url}: expected it in the cache (--offline), found nothing there`,
      hint: 'run once without --offline',
    });
    await download({ url, expected, proof: 'test' }, ports);
    expect((await download({ url, expected, proof: 'test' }, offline)).sha256).toBe(expected.hex);
    expect((await download({ url, proof: 'none' }, offline)).sha256).toBe(expected.hex);
  });

  it('fetches again what was damaged in the cache', async () => {
    await using server = await fileServer({ '/x': body });
    await using ports = await testPorts();
    const request = { url: `${server.url}/x`, expected, proof: 'test' };
    const { path } = await download(request, ports);
    await chmod(path, 0o644);
    await writeFile(path, 'short');
    await download(request, ports);
    expect(hashOf(await readFile(path))).toBe(expected.hex);

    await chmod(path, 0o644);
    await writeFile(path, randomBytes(body.length));
    const thorough = cacheIn(ports.cache.folder, { verify: true, now: Date.now });
    await download(request, { ...ports, cache: thorough });
    expect(hashOf(await readFile(path))).toBe(expected.hex);
    expect(server.log).toHaveLength(3);
  });

  it('asks a server that falls silent once more, and not five times', async () => {
    await using server = await fileServer({
      '/x': { body, faults: [{ kind: 'stall', after: 10 }] },
    });
    await using ports = await testPorts();
    const more = { mirrors: [], userAgent: 'test', githubHosts: [], now: Date.now, idleMs: 300 };
    const http = fetchHttp({ ...ports, ...more, silentAttempts: 100 });
    const work = download({ url: `${server.url}/x`, proof: 'test' }, { ...ports, http });
    await expect(work).rejects.toThrow(/: broke off 2 times at byte \d+: nothing came for 0\.(15|3) s$/);
  });

  it('resumes after kill -9, and does not trust what was damaged meanwhile', async () => {
    await using server = await fileServer({
      '/x': { body, faults: [{ kind: 'stall', after: 60_000, times: 1 }] },
    });
    await using ports = await testPorts();
    const request = { url: `${server.url}/x`, expected, proof: 'test' };

    await killMidway(request.url, ports);
    const [left] = await unfinishedIn(ports.cache.folder);
    expect(left).toMatch(/\.partial$/);
    await download(request, ports);
    expect(Number(/\d+/.exec(server.log.at(-1)?.headers.range ?? '')?.[0])).toBeGreaterThan(0);
    expect(await unfinishedIn(ports.cache.folder)).toEqual([]);
  });

  it('starts over when what a killed run left is damaged', async () => {
    await using server = await fileServer({
      '/x': { body, faults: [{ kind: 'stall', after: 60_000, times: 1 }] },
    });
    await using ports = await testPorts();
    await killMidway(`${server.url}/x`, ports);
    const [left = ''] = await unfinishedIn(ports.cache.folder);
    await writeFile(join(ports.cache.folder, 'partial', left, 'body.partial'), Buffer.alloc(5000));
    await download({ url: `${server.url}/x`, expected, proof: 'test' }, ports);
    expect(server.log.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=5000-', undefined]);
  });
});

describe('what an earlier run left', () => {
  it('is used without asking again when it is complete', async () => {
    await using server = await fileServer();
    await using ports = await testPorts();
    await leave(ports, `${server.url}/x`, body);
    const file = await download({ url: `${server.url}/x`, expected, proof: 'test' }, ports);
    expect(file.size).toBe(body.length);
    expect(server.log).toHaveLength(0);
  });

  it('is not used when no hash would show that it is damaged', async () => {
    await using server = await fileServer({ '/x': { body, etag: 'a' } });
    await using ports = await testPorts();
    await leave(ports, `${server.url}/x`, Buffer.alloc(1000));
    const file = await download({ url: `${server.url}/x`, proof: 'test' }, ports);
    expect(file.sha256).toBe(expected.hex);
  });
});

async function leave({ cache }: DownloadPorts, url: string, bytes: Uint8Array): Promise<void> {
  const folder = await cache.partials.claim(hashOf(url));
  await using partial = await openPartial(folder, 'sha256');
  await partial.restart({ validator: '"a"', total: body.length });
  await partial.append(bytes);
  await cache.partials.release(folder);
}

/** Starts a download in a process of its own and kills it when some bytes are there. */
async function killMidway(url: string, ports: DownloadPorts): Promise<void> {
  const script = `
    import { cacheIn } from './cache.ts';
    import { download } from './download.ts';
    import { fetchHttp } from './http.ts';
    import { silentReport as report } from '../ports/report.ts';
    const more = { report, random: Math.random, sleep: async () => {}, offline: false };
    const http = fetchHttp({ ...more, mirrors: [], userAgent: 'test', githubHosts: [], now: Date.now });
    const cache = cacheIn(${JSON.stringify(ports.cache.folder)}, { verify: false, now: Date.now });
    await download({ url: ${JSON.stringify(url)}, proof: 'test' }, { ...more, http, cache });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    stdio: 'inherit',
  });
  const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  while (child.exitCode === null && (await keptBytes(ports.cache.folder, url)) < 40_000) await sleep(10);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
}

/** Resets the connection as soon as the bytes before it are kept. */
function resetAt(after: number, ports: DownloadPorts, times = 1): Fault {
  return { kind: 'reset', after, times, sent: (end, url) => untilKept(ports.cache.folder, url, end) };
}

async function testPorts(): Promise<DownloadPorts & AsyncDisposable> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'bakery-download-'));
  const ports = { report: silentReport, random: () => 0, sleep: async () => {}, offline: false };
  return {
    ...ports,
    http: fetchHttp({ ...ports, mirrors: [], userAgent: 'test', githubHosts: [], now: Date.now }),
    cache: cacheIn(folder.path, { verify: false, now: Date.now }),
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}
