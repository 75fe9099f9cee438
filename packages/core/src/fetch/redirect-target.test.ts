import { describe, expect, it } from '@jest/globals';
import { fetch } from 'undici';
import { fileServer } from '@bakery/testbed/file-server.ts';
import { silentReport } from '../ports/report.ts';
import { fetchHttp, type FetchHttpOptions } from './http.ts';
import { publicDispatcher } from './public-address.ts';

describe('a redirect', () => {
  it.each([
    '127.0.0.2',
    '2130706434',
    '0x7f000002',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.2]',
    '169.254.169.254',
  ])('into a network of somebody’s own is refused: %s', async (host) => {
    await using inside = await fileServer({ '/secret': 'secret' });
    const { port } = new URL(inside.url);
    await using first = await fileServer({
      '/x': { body: '', redirect: { to: `http://${host}:${port}/secret` } },
    });
    await expect(http().text(`${first.url}/x`)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(
        `${first.url}/x: expected a redirect to a public address, got one to `,
      ),
    });
    expect(inside.log).toEqual([]);
  });

  it('to where a name leads is refused by the address the connection would go to', async () => {
    await using inside = await fileServer({ '/secret': 'secret' });
    const url = `http://localhost:${new URL(inside.url).port}/secret`;
    await expect(fetch(url, { dispatcher: publicDispatcher })).rejects.toMatchObject({
      cause: { name: 'UserError', message: expect.stringContaining('got one to localhost (') },
    });
    expect(inside.log).toEqual([]);
  });

  it('to a host that a mirror names is followed', async () => {
    await using inside = await fileServer({ '/y': 'yes' });
    const named = inside.url.replace('127.0.0.1', 'localhost');
    await using first = await fileServer({ '/x': { body: '', redirect: { to: `${named}/y` } } });
    const mirrors = [{ prefix: 'https://up.example/', target: `${named}/` }];
    expect(await http({ mirrors }).text(`${first.url}/x`)).toBe('yes');
  });

  it('away from https is refused behind a mirror that speaks http as well', async () => {
    await using other = await fileServer({ '/x': 'x' });
    await using mirror = await fileServer({ '/x': { body: '', redirect: { to: `${other.url}/x` } } });
    const mirrors = [{ prefix: 'https://up.example/', target: `${mirror.url}/` }];
    await expect(http({ mirrors }).text('https://up.example/x')).rejects.toThrow(
      `https://up.example/x: expected https all the way, got a redirect to ${other.url}`,
    );
    expect(other.log).toEqual([]);
  });

  it('away from https is refused after a detour through the mirror itself', async () => {
    await using other = await fileServer({ '/x': 'x' });
    await using mirror = await fileServer({ '/z': { body: '', redirect: { to: `${other.url}/x` } } });
    mirror.serve('/x', { body: '', redirect: { to: `${mirror.url}/z` } });
    const mirrors = [{ prefix: 'https://up.example/', target: `${mirror.url}/` }];
    await expect(http({ mirrors }).text('https://up.example/x')).rejects.toThrow(
      'expected https all the way',
    );
    expect(other.log).toEqual([]);
  });

  it('of a mirror that speaks http to itself, or to another mirror, is followed', async () => {
    await using other = await fileServer({ '/x': 'x' });
    await using mirror = await fileServer({
      '/y': 'y',
      '/x': { body: '', redirect: { to: 'http://cdn.example/x' } },
    });
    mirror.serve('/own', { body: '', redirect: { to: `${mirror.url}/y` } });
    const mirrors = [
      { prefix: 'https://up.example/', target: `${mirror.url}/` },
      { prefix: 'http://cdn.example/', target: `${other.url}/` },
    ];
    expect(await http({ mirrors }).text('https://up.example/own')).toBe('y');
    expect(await http({ mirrors }).text('https://up.example/x')).toBe('x');
  });

  it('to GitHub’s API from elsewhere gets no token along', async () => {
    await using api = await fileServer({ '/repos': 'list' });
    await using first = await fileServer({ '/x': { body: '', redirect: { to: `${api.url}/repos` } } });
    const options = { githubToken: 'secret', githubHosts: [new URL(api.url).host] };
    expect(await http(options).text(`${first.url}/x`)).toBe('list');
    expect(await http(options).text(`${api.url}/repos`)).toBe('list');
    expect(api.log.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer secret']);
  });
});

function http(options: Partial<FetchHttpOptions> = {}) {
  return fetchHttp({
    mirrors: [],
    userAgent: 'test',
    githubHosts: [],
    offline: false,
    report: silentReport,
    sleep: () => Promise.resolve(),
    random: () => 0,
    now: () => 0,
    attempts: 1,
    ...options,
  });
}
