import { expect, it } from '@jest/globals';
import { openFakeStore, repository } from '../store/github/fake-store.ts';
import type { Catalogue } from '../recipe/catalogue.ts';
import { UserError } from '../user-error.ts';
import { updateMetadata } from './release.ts';

const names = ['alpha', 'alpha-tools', 'beta'];

it('asks for many extensions with the requests of one, and goes on when one fails', async () => {
  await using bench = await openFakeStore({
    releases: names.flatMap((name) => ['1.0.0', '1.1.0'].map((version) => versionOf(name, version))),
  });
  const update = () => updateMetadata(names, { store: bench.store(), hub: undefined, catalogue });

  const first = await update();
  expect(first.written).toEqual(['alpha', 'alpha-tools', 'SHA256SUMS']);
  expect(first.failures.map(({ name, error }) => [name, error.message])).toEqual([['beta', 'not today']]);
  const sums = await bench.fake.read(repository, 'alpha', 'SHA256SUMS');
  expect(sums.toString().match(/\S+\.raw/g)).toEqual(['alpha-1.0.0-x86-64.raw', 'alpha-1.1.0-x86-64.raw']);

  bench.fake.clearLog();
  expect((await update()).written).toEqual([]);
  expect(bench.fake.reads(['api', 'graphql'])).toEqual(
    new Map([
      ['GET /repos/{owner}/{repo}/git/matching-refs/{ref}', 2],
      ['GET /repos/{owner}/{repo}/releases/latest', 1],
      ['GET /repos/{owner}/{repo}/releases/tags/{tag}', 1],
      ['POST /graphql', 3],
    ]),
  );
  expect(bench.fake.violations()).toEqual([]);
});

/** Knows but one recipe, which cannot be read. */
const catalogue: Catalogue = {
  names: ['beta'],
  folder: (name) => (name === 'beta' ? '/recipes/beta' : undefined),
  find: () => Promise.reject(new UserError('not today')),
};

function versionOf(name: string, version: string) {
  const tag = `${name}-${version}`;
  return { tag, assets: [{ name: `${tag}-x86-64.raw` }] };
}
