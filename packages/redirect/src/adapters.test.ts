import { mkdtempDisposable } from 'node:fs/promises';
import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import worker from '../deploy/worker.ts';
import { samples, type Sample } from '../testing/sample-requests.ts';
import { startCaddy, type StartedCaddy } from '../testing/started-caddy.ts';
import { redirectConfig } from './config.ts';
import { serveRedirects, type RedirectServer } from './redirect-server.ts';
import { redirect } from './redirect.ts';

const config = redirectConfig({ repo: 'flatcar/sysext-bakery' });
const home = 'https://github.com/flatcar/sysext-bakery';
const env = { BAKERY_REPO: config.repo };

let stack: AsyncDisposableStack;
let node: RedirectServer;
let caddy: StartedCaddy;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await mkdtempDisposable(join(tmpdir(), 'caddy-')));
  node = stack.use(await serveRedirects(config));
  caddy = stack.use(await startCaddy(config, folder, { path: process.env['PATH'] ?? '' }));
});
afterAll(() => stack.disposeAsync());

it('compares more than sixty requests', () => {
  expect(samples.length).toBeGreaterThan(200);
});

describe.each([
  ['the Node server', () => node.url],
  ['Caddy', () => caddy.url],
])('%s', (_, url) => {
  it.each(samples)('answers $method $path with $status', async (sample) => {
    const { status, headers, body } = await send(url(), sample);
    expect({ status, location: headers['location'] }).toEqual({
      status: sample.status,
      location: sample.to === undefined ? undefined : `${home}${sample.to}`,
    });
    if (status === 400) return; // Caddy never sees it: Go's server answers
    const expected = redirect(sample, config);
    expect(relevant(headers)).toEqual(relevant(lowerCase(expected.headers)));
    expect(body).toBe(sample.method === 'HEAD' ? '' : expected.body);
  });
});

describe('the fetch handler', () => {
  it.each(samples)('answers $method $path with $status', async (sample) => {
    const url = sample.path.startsWith('/') ? `http://hub.example${sample.path}` : sample.path;
    const response = worker.fetch(new Request(url, { method: sample.method }), env);
    // A Request resolves what a URL cannot keep, such as dot segments: then it is another path.
    const { pathname, search } = new URL(url);
    const seen = { method: sample.method, path: pathname + search };
    if (seen.path === sample.path) expect(response.status).toBe(sample.status);
    const expected = redirect(seen, config);
    expect(response.status).toBe(expected.status);
    expect(relevant(Object.fromEntries(response.headers))).toEqual(relevant(lowerCase(expected.headers)));
    expect(await response.text()).toBe(sample.method === 'HEAD' ? '' : expected.body);
  });

  it('says which setting is wrong', () => {
    const request = new Request('http://hub.example/healthz');
    expect(() => worker.fetch(request, { BAKERY_REPO: 'x' })).toThrow('expected OWNER/REPO, got "x"');
  });
});

function relevant(headers: Readonly<IncomingHttpHeaders>) {
  const { location, allow, server } = headers;
  const cacheControl = headers['cache-control'];
  const type = headers['content-type'];
  const sniffing = headers['x-content-type-options'];
  return { location, allow, server, cacheControl, type, sniffing };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** A request whose target is sent exactly as given. */
async function send(url: string, { method, path }: Sample) {
  const { hostname, port } = new URL(url);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest({ hostname, port, path, method }, resolve).once('error', reject).end();
  });
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}
