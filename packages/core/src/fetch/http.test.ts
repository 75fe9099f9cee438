import { describe, expect, it } from '@jest/globals';
import { fileServer } from '@bakery/testbed/file-server.ts';
import { silentReport } from '../ports/report.ts';
import type { StoppableRequest } from './exchange.ts';
import { fetchHttp, type FetchHttpOptions } from './http.ts';

const now = Date.UTC(2026, 10, 23, 12, 0, 0);

describe('fetchHttp', () => {
  it('asks again after 503 and 429, as long as the server says', async () => {
    await using server = await fileServer({
      '/x': {
        body: 'hello',
        faults: [
          { kind: 'status', status: 503, times: 2 },
          { kind: 'status', status: 429, times: 1, retryAfter: '7' },
        ],
      },
    });
    const waits: number[] = [];
    expect(await http({ waits }).text(`${server.url}/x`)).toBe('hello');
    expect(waits).toEqual([250, 500, 7000]);
  });

  it('says when to come back when the wait would be long', async () => {
    await using server = await fileServer({
      '/x': { body: '', faults: [{ kind: 'status', status: 429, retryAfter: '3600' }] },
    });
    await expect(http().text(`${server.url}/x`)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('(429): come back after 2026-11-23T13:00:00.000Z'),
    });
    expect(server.log).toHaveLength(1);
  });

  it('waits for the reset of a used up limit, and says so to those without a token', async () => {
    const reset = String(now / 1000 + 40 * 60);
    await using server = await fileServer({
      '/x': {
        body: '',
        faults: [
          {
            kind: 'status',
            status: 403,
            headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
          },
        ],
      },
    });
    const host = new URL(server.url).host;
    await expect(http({ githubHosts: [host] }).text(`${server.url}/x`)).rejects.toMatchObject({
      message: expect.stringContaining('come back after 2026-11-23T12:40:01.000Z'),
      hint: 'set GITHUB_TOKEN for a higher limit',
    });
  });

  it('gives up after a few tries and quotes what the server said', async () => {
    await using server = await fileServer({
      '/x': { body: '', faults: [{ kind: 'status', status: 500, body: '{"message":"on fire"}' }] },
    });
    await expect(http().text(`${server.url}/x`)).rejects.toThrow(
      /expected 200 from 127\.0\.0\.1:\d+, got 500: "on fire"/,
    );
    expect(server.log).toHaveLength(5);
  });

  it('does not repeat what was refused', async () => {
    await using server = await fileServer({ '/x': { body: '', faults: [{ kind: 'status', status: 401 }] } });
    await expect(http().text(`${server.url}/x`)).rejects.toMatchObject({ name: 'UserError', status: 401 });
    expect(server.log).toHaveLength(1);
  });

  it('hands 404 and 410 back as an answer', async () => {
    await using server = await fileServer({
      '/gone': { body: '', faults: [{ kind: 'status', status: 410 }] },
    });
    expect(await http().text(`${server.url}/none`)).toBeUndefined();
    expect(await http().text(`${server.url}/gone`)).toBeUndefined();
    const answer = await http().get(`${server.url}/none`);
    expect(answer.status).toBe(404);
    await answer.body.cancel();
  });

  it('names the reason when nobody listens', async () => {
    const server = await fileServer();
    await server[Symbol.asyncDispose]();
    await expect(http().text(`${server.url}/x`)).rejects.toThrow(
      /cannot be reached: .*ECONNREFUSED.*\(attempt 5\)/,
    );
  });

  it('asks nobody when offline', async () => {
    await using server = await fileServer({ '/x': 'hello' });
    await expect(http({ offline: true }).text(`${server.url}/x`)).rejects.toThrow('because --offline is set');
    expect(server.log).toHaveLength(0);
  });

  it.each(['ftp://x/y', 'not an address', 'file:///etc/passwd', 'http://user:secret@127.0.0.1/'])(
    'refuses %s',
    async (url) => {
      await expect(http().text(url)).rejects.toMatchObject({
        name: 'UserError',
        message: expect.not.stringContaining('secret'),
      });
    },
  );

  it('ends an attempt in which nothing comes, before and inside the body', async () => {
    await using server = await fileServer({
      '/x': {
        body: 'hello',
        faults: [
          { kind: 'stall', after: 0, times: 1 },
          { kind: 'stall', after: 2, times: 1 },
        ],
      },
    });
    // On a busy machine more of them may seem to bring nothing.
    const patient = { attempts: 100, silentAttempts: 100 };
    expect(await http({ idleMs: 300, ...patient }).text(`${server.url}/x`)).toBe('hello');
    expect(server.log.length).toBeGreaterThanOrEqual(3);
  });

  it('asks a server that falls silent once more, and not five times', async () => {
    await using server = await fileServer({ '/x': { body: 'hello', faults: [{ kind: 'stall', after: 2 }] } });
    await expect(http({ idleMs: 300 }).text(`${server.url}/x`)).rejects.toThrow(
      /nothing came for 0\.(15|3) s \(attempt 2\)$/,
    );
    expect(server.log).toHaveLength(2);
  });

  it('reads texts up to a limit', async () => {
    await using server = await fileServer({ '/x': 'x'.repeat(1001) });
    await expect(http({ maxBodyBytes: 1000 }).text(`${server.url}/x`)).rejects.toThrow('at most 1000 bytes');
    expect(server.log).toHaveLength(1);
  });

  it('gives up when told to', async () => {
    const controller = new AbortController();
    const sent = () => controller.abort(new Error('enough'));
    await using server = await fileServer({
      '/x': { body: 'x', faults: [{ kind: 'stall', after: 0, sent }] },
    });
    const request: StoppableRequest = { signal: controller.signal };
    await expect(http().text(`${server.url}/x`, request)).rejects.toThrow('enough');
    expect(server.log).toHaveLength(1);
  });

  it('applies mirrors, also where a redirect leads', async () => {
    await using server = await fileServer({
      '/a.example/x': { body: '', redirect: { to: 'https://b.example/y' } },
      '/b.example/y': 'hello',
    });
    const mirrors = [{ prefix: 'https://', target: `${server.url}/` }];
    expect(await http({ mirrors }).text('https://a.example/x')).toBe('hello');
  });

  it('ends a circle of redirects', async () => {
    await using server = await fileServer({ '/x': { body: '', redirect: { to: '/x' } } });
    await expect(http().text(`${server.url}/x`)).rejects.toThrow('expected at most 10 redirects');
  });
});

describe('the GitHub token', () => {
  it('goes to the API host and never along to another', async () => {
    await using storage = await fileServer({ '/blob': 'bytes' });
    await using api = await fileServer({ '/asset': { body: '', redirect: { to: `${storage.url}/blob` } } });
    const options = { githubToken: 'secret', githubHosts: [new URL(api.url).host] };
    expect(await http(options).text(`${api.url}/asset`)).toBe('bytes');
    expect(api.log[0]?.headers.authorization).toBe('Bearer secret');
    expect(storage.log[0]?.headers.authorization).toBeUndefined();
  });

  it('is not shown to a mirror of the API', async () => {
    await using mirror = await fileServer({ '/api.github.com/x': 'hello' });
    const mirrors = [{ prefix: 'https://', target: `${mirror.url}/` }];
    const options = { githubToken: 'secret', githubHosts: ['api.github.com'], mirrors };
    expect(await http(options).text('https://api.github.com/x')).toBe('hello');
    expect(mirror.log[0]?.headers.authorization).toBeUndefined();
  });

  it('holds for a caller’s own credentials too', async () => {
    await using storage = await fileServer({ '/blob': 'bytes' });
    await using first = await fileServer({ '/x': { body: '', redirect: { to: `${storage.url}/blob` } } });
    const headers = { authorization: 'Basic secret', cookie: 'a=b', accept: 'text/plain' };
    await http().text(`${first.url}/x`, { headers });
    expect(first.log[0]?.headers).toMatchObject(headers);
    expect(storage.log[0]?.headers).toMatchObject({ accept: 'text/plain' });
    expect(storage.log[0]?.headers).not.toHaveProperty('authorization');
    expect(storage.log[0]?.headers).not.toHaveProperty('cookie');
  });
});

function http({ waits = [], ...options }: Partial<FetchHttpOptions> & { readonly waits?: number[] } = {}) {
  return fetchHttp({
    mirrors: [],
    userAgent: 'test',
    githubHosts: [],
    offline: false,
    report: silentReport,
    random: () => 0,
    now: () => now,
    sleep: async (ms) => void waits.push(ms),
    ...options,
  });
}
