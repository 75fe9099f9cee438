import {
  appendFile,
  mkdir,
  mkdtempDisposable,
  readdir,
  readlink,
  rename,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@bakery/testbed/patience.ts';
import { spawnExec } from '../ports/spawn.ts';
import { type FileServer, type ServedAnswer, serveFolder } from './serve-folder.ts';

const forever = 2 ** 31 - 1; // ms, the longest a timer of Node.js can be
let stack: AsyncDisposableStack;
let folder: string;
let server: FileServer;
const answers: ServedAnswer[] = [];
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const temporary = stack.use(await mkdtempDisposable(join(tmpdir(), 'serve-')));
  folder = join(temporary.path, 'out');
  await mkdir(join(folder, 'k3s/.partial'), { recursive: true });
  await writeFile(join(temporary.path, 'secret.txt'), 'secret');
  await mkdir(join(temporary.path, 'out-of-tree'));
  await writeFile(join(temporary.path, 'out-of-tree/secret.txt'), 'secret');
  await writeFile(join(folder, 'k3s/SHA256SUMS'), 'sums\n');
  await writeFile(join(folder, 'k3s/k3s.conf'), '[Transfer]\n');
  await writeFile(join(folder, 'k3s/k3s-v1.34.2+k3s1-x86-64.raw'), '0123456789');
  await writeFile(join(folder, 'k3s/.partial/half.raw'), 'half');
  await writeFile(join(folder, 'k3s/100% ü.txt'), 'odd');
  await writeFile(join(folder, 'empty.json'), '');
  await symlink('k3s/k3s.conf', join(folder, 'inside.conf'));
  await symlink('../secret.txt', join(folder, 'outside.txt'));
  await symlink('../out-of-tree', join(folder, 'outside'));
  await symlink('loop', join(folder, 'loop'));
  await spawnExec(process.env).run('mkfifo', [join(folder, 'pipe.raw')]);
  server = stack.use(await serveFolder(folder, { onAnswer: (answer) => answers.push(answer) }));
});
afterAll(() => stack.disposeAsync());

describe('a file', () => {
  it.each([
    ['k3s/SHA256SUMS', 'text/plain; charset=utf-8', 'sums\n'],
    ['k3s/k3s.conf?x=1', 'text/plain; charset=utf-8', '[Transfer]\n'],
    ['k3s/k3s-v1.34.2+k3s1-x86-64.raw', 'application/octet-stream', '0123456789'],
    ['k3s/k3s-v1.34.2%2Bk3s1-x86-64.raw', 'application/octet-stream', '0123456789'],
    ['k3s/%6b3s.conf', 'text/plain; charset=utf-8', '[Transfer]\n'],
    ['k3s/100%25%20%C3%BC.txt', 'text/plain; charset=utf-8', 'odd'],
    ['inside.conf', 'text/plain; charset=utf-8', '[Transfer]\n'],
    ['empty.json', 'application/json', ''],
  ])('%s is served whole', async (path, type, body) => {
    const answer = await raw(`/${path}`);
    expect(answer).toMatchObject({ status: 200, body });
    expect(answer.headers).toMatchObject({
      'content-type': type,
      'content-length': String(Buffer.byteLength(body)),
      'accept-ranges': 'bytes',
    });
    const head = await raw(`/${path}`, {}, 'HEAD');
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-length']).toBe(answer.headers['content-length']);
  });

  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-', '456789', 'bytes 4-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('is served in part for %s', async (range, body, contentRange) => {
    const answer = await raw('/k3s/k3s-v1.34.2+k3s1-x86-64.raw', { range });
    expect(answer).toMatchObject({ status: 206, body });
    expect(answer.headers).toMatchObject({
      'content-range': contentRange,
      'content-length': `${body.length}`,
    });
  });

  it.each(['bytes=5', 'lines=0-1', 'bytes=0-1,4-5', 'nonsense'])('is served whole for %s', async (range) => {
    const answer = await raw('/k3s/k3s-v1.34.2+k3s1-x86-64.raw', { range });
    expect(answer).toMatchObject({ status: 200, body: '0123456789' });
  });

  it('has no part behind its end', async () => {
    const answer = await raw('/k3s/k3s-v1.34.2+k3s1-x86-64.raw', { range: 'bytes=10-' });
    expect(answer).toMatchObject({ status: 416, body: 'Range not satisfiable\n' });
    expect(answer.headers['content-range']).toBe('bytes */10');
  });

  it('resumes only the same copy', async () => {
    const path = '/k3s/k3s-v1.34.2+k3s1-x86-64.raw';
    const { headers } = await raw(path);
    const range = 'bytes=5-';
    expect(await raw(path, { range, 'if-range': `${headers['etag']}` })).toMatchObject({ status: 206 });
    expect(await raw(path, { range, 'if-range': `${headers['last-modified']}` })).toMatchObject({
      status: 206,
    });
    expect(await raw(path, { range, 'if-range': '"other"' })).toMatchObject({ status: 200 });
  });

  it('is not sent again to a reader that has it, until it changes', async () => {
    const path = join(folder, 'changing.txt');
    await writeFile(path, 'one');
    const { headers } = await raw('/changing.txt');
    const known = { 'if-none-match': `${headers['etag']}` };
    expect(await raw('/changing.txt', known)).toMatchObject({ status: 304, body: '' });
    expect(await raw('/changing.txt', { 'if-modified-since': `${headers['last-modified']}` })).toMatchObject({
      status: 304,
    });
    await writeFile(`${path}.new`, 'two');
    await rename(`${path}.new`, path);
    expect(await raw('/changing.txt', known)).toMatchObject({ status: 200, body: 'two' });
    await appendFile(path, '!');
    expect(await raw('/changing.txt', known)).toMatchObject({ status: 200, body: 'two!' });
  });
});

it.each([
  '/',
  '/k3s',
  '/k3s/',
  '/none',
  '/none/none',
  '/k3s/SHA256SUMS.gpg',
  '/k3s/k3s.conf/',
  '/k3s//k3s.conf',
  '/k3s/k3s.conf/x',
  '/../secret.txt',
  '/k3s/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/k3s%2Fk3s.conf',
  '/..%2fsecret.txt',
  '/./k3s/k3s.conf',
  '/outside.txt',
  '/outside/secret.txt',
  '/loop',
  '/pipe.raw',
  '/k3s/.partial/half.raw',
  '/k3s/k3s.conf%00',
  '/%zz',
  '/%ff',
  '/k3s/k3s-v1.34.2%20k3s1-x86-64.raw',
  `/${'a'.repeat(256)}`,
  '*',
])('there is nothing at %s', async (path) => {
  expect(await raw(path)).toMatchObject({ status: 404, body: 'Not found\n' });
  expect(await raw(path, {}, 'HEAD')).toMatchObject({ status: 404, body: '' });
});

describe('a folder that is a bakery', () => {
  it('answers what a redirector answers, below its prefix and at the top', async () => {
    await using temporary = await mkdtempDisposable(join(tmpdir(), 'serve-'));
    const files = {
      SHA256SUMS: 'all',
      'catalogue.json': '{}',
      'k3s/SHA256SUMS': 'sums',
      'k3s/k3s.conf': 'conf',
      'k3s/k3s-v1.34.transfer': 'stream',
      'k3s-1.0/k3s-1.0-arm64.raw': 'image',
      'k3s-1.0/k3s-1.0.inputs.json': 'record',
    };
    for (const [path, body] of Object.entries(files)) {
      await mkdir(join(temporary.path, path, '..'), { recursive: true });
      await writeFile(join(temporary.path, path), body);
    }
    await using own = await serveFolder(temporary.path);
    const got = async (path: string) => (await fetch(`${own.url}${path}`)).text();
    for (const start of ['', 'extensions/']) {
      for (const [path, body] of [
        ...Object.entries(files),
        ['k3s.conf', 'conf'],
        ['k3s-v1.34.transfer', 'stream'],
        ['k3s-1.0-arm64.raw', 'image'],
        ['any/where/k3s-1.0-arm64.raw', 'image'],
        ['k3s-1.0.inputs.json', 'record'],
        ['SHA256SUMS/SHA256SUMS', 'all'],
      ] as const)
        expect([start + path, await got(start + path)]).toEqual([start + path, body]);
      expect(await got(`${start}k3s-2.0-arm64.raw`)).toBe('Not found\n');
    }
    expect(await got('healthz')).toBe('ok\n');
    for (const home of ['', 'extensions', 'extensions/', '?x=1']) expect(await got(home)).toBe('{}');
    await writeFile(join(temporary.path, 'index.html'), 'page');
    expect(await got('')).toBe('page');
  });
});

it('takes no other method', async () => {
  const answer = await raw('/k3s/k3s.conf', {}, 'DELETE');
  expect(answer).toMatchObject({ status: 405, body: 'Method not allowed\n' });
  expect(answer.headers['allow']).toBe('GET, HEAD');
});

it('tells of each answer', async () => {
  answers.length = 0;
  await raw('/none%20at+all', {}, 'HEAD');
  expect(answers).toEqual([{ method: 'HEAD', path: '/none%20at+all', status: 404 }]);
});

it('finishes the answer under way when stopped, then refuses', async () => {
  const big = 'x'.repeat(20_000_000);
  await writeFile(join(folder, 'big.raw'), big);
  const own = await serveFolder(folder, { stopGrace: forever });
  const { hostname, port } = new URL(own.url);
  const socket = connect(Number(port), hostname);
  socket.write('GET /big.raw HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => socket.once('readable', resolve));
  const stopped = own[Symbol.asyncDispose]();
  const received = await text(socket);
  await stopped;
  expect(received.slice(received.indexOf('\r\n\r\n') + 4) === big).toBe(true);
  await expect(fetch(own.url)).rejects.toThrow('fetch failed');
});

it('lets go of a reader who takes nothing of an answer', async () => {
  await writeFile(join(folder, 'endless.raw'), '');
  await truncate(join(folder, 'endless.raw'), 2 ** 32);
  const { promise: answered, resolve: onAnswer } = Promise.withResolvers<ServedAnswer>();
  await using own = await serveFolder(folder, { idleMs: 200, onAnswer });
  const { hostname, port } = new URL(own.url);
  const socket = connect(Number(port), hostname);
  const closed = new Promise((resolve) => socket.once('close', resolve).once('error', () => {}));
  socket.write('GET /endless.raw HTTP/1.1\r\nHost: x\r\n\r\n');
  socket.pause();
  expect(await answered).toMatchObject({ status: 200 });
  await until('the file is let go of', async () => !(await isOpen('endless.raw')));
  socket.resume(); // what is on its way comes before the end
  await closed;
});

/** Whether this process, which serves, holds such a file open. */
async function isOpen(name: string): Promise<boolean> {
  const open = await readdir('/proc/self/fd');
  const paths = await Promise.all(open.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return paths.some((path) => path.endsWith(`/${name}`));
}

it('stops at once while readers are only connected', async () => {
  const own = await serveFolder(folder, { stopGrace: forever });
  await (await fetch(`${own.url}k3s/k3s.conf`)).text();
  await own[Symbol.asyncDispose]();
  await expect(fetch(own.url)).rejects.toThrow('fetch failed');
});

/** A request whose target is sent exactly as given. */
async function raw(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { hostname, port } = new URL(server.url);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest({ hostname, port, path, headers, method }, resolve).once('error', reject).end();
  });
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}
