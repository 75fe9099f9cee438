import { describe, expect, it } from '@jest/globals';
import { startUpstream, upstreamHttp } from './upstream.ts';

describe('startUpstream', () => {
  it('answers with what a route says and counts who asked', async () => {
    await using upstream = await startUpstream({
      '/text': 'hello',
      '/list?page=2': 'second',
      '/list': ({ query }) => ({
        status: 203,
        headers: { 'x-page': query.get('page') ?? 'none' },
        body: 'first',
      }),
    });
    const answers = await Promise.all(
      ['/text', '/list?page=1', '/list?page=2', '/nowhere'].map(async (path) => {
        const answer = await fetch(`${upstream.url}${path}`);
        return [answer.status, answer.headers.get('x-page'), await answer.text()];
      }),
    );
    expect(answers).toEqual([
      [200, null, 'hello'],
      [203, '1', 'first'],
      [200, null, 'second'],
      [404, null, 'not here'],
    ]);
    expect([upstream.count('/list'), upstream.count('/list?page=2'), upstream.count('/other')]).toEqual([
      2, 1, 0,
    ]);
  });

  it('sends no body on HEAD', async () => {
    await using upstream = await startUpstream({ '/text': 'hello' });
    const answer = await fetch(`${upstream.url}/text`, { method: 'HEAD' });
    expect([answer.headers.get('content-length'), await answer.text()]).toEqual(['5', '']);
  });

  it('is gone when it is disposed of', async () => {
    const upstream = await startUpstream({ '/': 'here' });
    await upstream[Symbol.asyncDispose]();
    await expect(fetch(upstream.url)).rejects.toThrow('fetch failed');
  });
});

describe('upstreamHttp', () => {
  it('maps somebody else’s addresses', async () => {
    await using upstream = await startUpstream({ '/example.org/a': 'here' });
    const http = upstreamHttp([{ prefix: 'https://', target: `${upstream.url}/` }]);
    expect(await http.text('https://example.org/a')).toBe('here');
    expect(await http.text('https://example.org/b')).toBeUndefined();
  });
});
