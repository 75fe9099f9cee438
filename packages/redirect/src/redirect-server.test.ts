import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { redirectConfig } from './config.ts';
import { serveRedirects, type RedirectLog } from './redirect-server.ts';

const forever = 2 ** 31 - 1; // ms, the longest a timer of Node.js can be
const config = redirectConfig({ repo: 'o/r' });

it('tells of each answer', async () => {
  const log: RedirectLog[] = [];
  await using server = await serveRedirects(config, { onAnswer: (answer) => log.push(answer) });
  const init = { redirect: 'manual', headers: { 'User-Agent': 'systemd-pull/257' } } as const;
  await fetch(`${server.url}extensions/k3s.conf?x`, init);
  await fetch(`${server.url}none`, { ...init, method: 'HEAD' });
  const who = { agent: 'systemd-pull/257', client: '127.0.0.1' };
  expect(log).toEqual([
    {
      ...who,
      method: 'GET',
      path: '/extensions/k3s.conf?x',
      status: 302,
      location: 'https://github.com/o/r/releases/download/k3s/k3s.conf',
    },
    { ...who, method: 'HEAD', path: '/none', status: 404 },
  ]);
});

it('answers a request that came before it was stopped, says goodbye, and refuses the next', async () => {
  const server = await serveRedirects(config, { stopGrace: forever });
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write('GET /extensions/k3s.conf HTTP/1.1\r\n');
  for (let turns = 0; turns < 20; turns += 1) await setImmediate(); // the server is in this process, and reads in one
  const stopped = server[Symbol.asyncDispose]();
  socket.write('Host: x\r\n\r\n');
  const received = await text(socket);
  await stopped;
  expect(received).toMatch(/^HTTP\/1\.1 302 /);
  expect(received).toContain('Connection: close');
  await expect(fetch(server.url)).rejects.toThrow('fetch failed');
});

it('stops at once while hosts only keep their connection', async () => {
  const server = await serveRedirects(config, { stopGrace: forever });
  await (await fetch(`${server.url}healthz`)).text();
  await server[Symbol.asyncDispose]();
  await expect(fetch(server.url)).rejects.toThrow('fetch failed');
});

it('goes on after what is no HTTP, and after a body nobody asked for', async () => {
  await using server = await serveRedirects(config);
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.end('GET /extensions/\0 HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  const refused = await fetch(`${server.url}healthz`, { method: 'POST', body: 'x'.repeat(10_000) });
  expect([refused.status, await refused.text()]).toEqual([405, 'Method not allowed']);
  const healthy = await fetch(`${server.url}healthz`);
  expect([healthy.status, await healthy.text()]).toEqual([200, 'ok']);
});
