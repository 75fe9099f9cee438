import { describe, expect, it } from '@jest/globals';
import { startUpstream, upstreamHttp } from '@bakery/testbed/upstream.ts';
import type { Arch } from '../names/arch.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { findVersions, latestVersions, missingArches } from './find.ts';
import type { Available, Found, LatestLookups } from './find.ts';
import type { ListContext } from './sources/listing.ts';
import { VersionSource } from './sources/sources.ts';

const bothArches = ['x86-64', 'arm64'] as const;

const noLookups: LatestLookups = {
  minors: () => Promise.reject(new Error('not asked for')),
  latestOf: () => Promise.reject(new Error('not asked for')),
};

describe('findVersions', () => {
  it('knows where each version exists, newest first', async () => {
    await using upstream = await startUpstream({ '/x64/': 'v2.0 v1.9 ', '/aarch64/': 'v1.9 v1.8~1 ' });
    const source = VersionSource.parse({
      from: 'http',
      url: `${upstream.url}/{arch}/`,
      regex: 'v(\\S+)',
      form: '\\S+',
    });
    const archTokens = { 'x86-64': 'x64', arm64: 'aarch64' };
    expect(await findVersions(source, bothArches, context(archTokens))).toEqual({
      candidates: [
        { text: '2.0', upstream: '2.0', arches: new Set(['x86-64']) },
        { text: '1.9', upstream: '1.9', arches: new Set(['x86-64', 'arm64']) },
      ],
      refused: [{ text: '1.8~1', why: expect.stringContaining('"~"') }],
      listed: 3,
    });
  });

  it('takes a version for complete where the source cannot tell architectures apart', async () => {
    const source = VersionSource.parse({ from: 'pinned', versions: ['1.4.0'] });
    const { candidates } = await findVersions(source, ['arm64'], context({ arm64: '' }));
    expect(candidates).toEqual([{ text: '1.4.0', upstream: '1.4.0', arches: new Set(['arm64']) }]);
  });

  it('leaves out versions for architectures the recipe does not claim', async () => {
    await using upstream = await startUpstream({ '/x64/': '2.0', '/arm/': '1.0' });
    const source = VersionSource.parse({ from: 'http', url: `${upstream.url}/{arch}/`, regex: '[0-9.]+' });
    const { candidates } = await findVersions(source, ['arm64'], context({ 'x86-64': 'x64', arm64: 'arm' }));
    expect(candidates.map(({ text }) => text)).toEqual(['1.0']);
  });
});

describe('latestVersions', () => {
  const half: readonly Arch[] = ['x86-64'];
  const found: Found = {
    candidates: [
      available('26.2.0', half),
      available('26.1.0'),
      available('25.0.1', half),
      available('25.0.0'),
      available('24.9.0', half),
      available('22.4.1'),
      available('22.4.0'),
      available('22.3.9'),
    ],
    refused: [],
    listed: 8,
  };

  it.each([
    [{ newest: 1 }, ['26.1.0']],
    [{ newest: 2 }, ['26.1.0', '25.0.0']],
    [{ majors: 3 }, ['26.1.0', '25.0.0', '22.4.1']],
    [{ minors: 4 }, ['26.1.0', '25.0.0', '22.4.1', '22.3.9']],
  ])('counts only versions complete on all architectures for %j', async (policy, expected) => {
    expect(await latestVersions(found, policy, bothArches, noLookups)).toEqual(expected);
  });

  it('asks for no more architectures than the recipe claims', async () => {
    expect(await latestVersions(found, { newest: 1 }, half, noLookups)).toEqual(['26.2.0']);
  });

  it('asks elsewhere for the minors and the recipe it follows', async () => {
    const asked: unknown[] = [];
    const lookups: LatestLookups = {
      minors: (listing) => {
        asked.push(listing.url);
        return Promise.resolve(['26.1', '24.9']);
      },
      latestOf: (recipe) => {
        asked.push(recipe);
        return Promise.resolve(['v25.0.7', 'v24.0.0']);
      },
    };
    const listing = { url: 'https://up/', regex: '.' };
    expect(await latestVersions(found, { 'minors-of': listing }, bothArches, lookups)).toEqual(['26.1.0']);
    expect(await latestVersions(found, { follow: 'other', infix: '.' }, bothArches, lookups)).toEqual([
      '25.0.0',
    ]);
    expect(asked).toEqual(['https://up/', 'other']);
  });

  it('names none where none is complete', async () => {
    const incomplete = { ...found, candidates: [available('1.0', half)] };
    expect(await latestVersions(incomplete, { newest: 1 }, bothArches, noLookups)).toEqual([]);
    expect(missingArches(available('1.0', half), bothArches)).toEqual(['arm64']);
  });
});

function available(text: string, arches: readonly Arch[] = bothArches): Available {
  return { text, upstream: text, arches: new Set(arches) };
}

function context(archTokens: ListContext['archTokens']): ListContext {
  return { ports: { http: upstreamHttp(), exec: spawnExec({}), report: silentReport }, archTokens };
}
