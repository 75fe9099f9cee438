import { expect, it } from '@jest/globals';
import { type Route, startUpstream, upstreamHttp } from '@bakery/testbed/upstream.ts';
import { parseRecipe } from '../../recipe/load.ts';
import { completeOnes, type Excepted } from './incomplete.ts';
import type { Wanted } from './plan.ts';

const recipe = `recipe: 1
name: tool
summary: A tool
homepage: https://tool.example/
license: MIT
versions: { from: github-releases, repo: o/tool }
arch: { x86-64: amd64, arm64: arm64 }
options:
  helper-version: { help: Version of the helper., default: { from: github-releases, repo: o/helper } }
artifacts:
  - { url: 'https://up/{version}/{arch}', integrity: { from: '{url}.sum' }, place: /usr/bin/tool }
  - { url: 'https://up/helper/{helper-version}', integrity: { none: not signed }, place: /usr/bin/helper }
smoke:
  - { run: tool, prints: tool }
`;

const versions = ['4', '3', '2', '1'];
const latest = (version: string): Wanted => ({ name: 'tool', version, why: 'latest' });

it('takes the newest version that has all files and sums, and asks for no more of the others', async () => {
  await using upstream = await startUpstream(filesOf('2', '1'));
  const { resolved, incomplete } = await completed(upstream.url);
  expect(resolved.wanted).toEqual([latest('2')]);
  expect(incomplete.map(({ version }) => version)).toEqual(['4', '3']);
  expect(incomplete[0]?.missing).toEqual([
    'https://up/4/amd64',
    'https://up/4/amd64.sum',
    'https://up/4/arm64',
    'https://up/4/arm64.sum',
  ]);
  expect(upstream.requests.filter(({ url }) => /^\/(1|helper)/.test(url))).toEqual([]);
});

it.each<[string, Route]>([
  ['knows no HEAD', ({ method }) => (method === 'HEAD' ? { status: 404 } : 'file')],
  ['refuses HEAD', { status: 405 }],
  ['is down', { status: 503 }],
])('takes a file for there where a server %s', async (_what, route) => {
  await using upstream = await startUpstream({ ...filesOf('4'), '/4/amd64': route });
  expect((await completed(upstream.url)).resolved.wanted).toEqual([latest('4')]);
});

it('asks nothing about what is published, and takes it', async () => {
  await using upstream = await startUpstream({});
  const { resolved } = await completed(upstream.url, ['tool-3']);
  expect(resolved.wanted).toEqual([latest('3')]);
  expect(upstream.requests.filter(({ url }) => url.startsWith('/3'))).toEqual([]);
});

it('leaves the newest to fail where three in a row lack files, as no upstream does by accident', async () => {
  await using upstream = await startUpstream(filesOf('1'));
  const { resolved, incomplete } = await completed(upstream.url);
  expect(resolved.wanted).toEqual([latest('4')]);
  expect(incomplete).toEqual([]);
  expect(upstream.requests.filter(({ url }) => url.startsWith('/1'))).toEqual([]);
});

it('leaves the newest to fail where no version is complete', async () => {
  await using upstream = await startUpstream({});
  const all = versions.slice(2);
  const { resolved, incomplete } = await completed(upstream.url, [], all);
  expect(resolved.wanted).toEqual([latest('2')]);
  expect(incomplete).toEqual([]);
});

function filesOf(...complete: readonly string[]): Record<string, Route> {
  const paths = complete.flatMap((version) => [`/${version}/amd64`, `/${version}/arm64`]);
  return Object.fromEntries(paths.flatMap((path) => [path, `${path}.sum`]).map((path) => [path, 'file']));
}

function completed(url: string, published: readonly string[] = [], all = versions) {
  const resolve = (excepted: Excepted) => {
    const version = all.find((one) => excepted.get('tool')?.has(one) !== true);
    return Promise.resolve({
      wanted: version === undefined ? [] : [latest(version)],
      waiting: [],
      failures: [],
    });
  };
  const loaded = { ...parseRecipe(recipe, 'recipe.yaml'), folder: '/nowhere' };
  const recipeBook = { names: ['tool'], folder: () => '/nowhere', find: () => Promise.resolve(loaded) };
  const http = upstreamHttp([{ prefix: 'https://up/', target: `${url}/` }]);
  return resolve(new Map()).then((first) =>
    completeOnes(first, resolve, { recipeBook, ports: { http }, published: new Set(published) }),
  );
}
