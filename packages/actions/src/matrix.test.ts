import { expect, it } from '@jest/globals';
import { type Arch, forEachArch } from '@bakery/core/src/names/arch.ts';
import { buildsOf, cutToSize, jobsOf, rebuildsOf, type Candidate } from './matrix.ts';

function candidate(version: string, arches: readonly Arch[] = ['x86-64', 'arm64'], name = 'a'): Candidate {
  return { wanted: { name, version, why: 'latest' }, arches };
}

it.each([
  [256, 3, 0],
  [3, 3, 0],
  [2, 2, 1],
  [1, 1, 2],
])('of at most %d versions of two arches takes %d of 3 and defers %d', (most, chosen, deferred) => {
  const cut = cutToSize([candidate('3'), candidate('2'), candidate('1')], most);
  expect([cut.chosen.length, cut.deferred.length]).toEqual([chosen, deferred]);
});

it('takes no more than a matrix holds, and no half version', () => {
  const many = Array.from({ length: 200 }, (_, n) => candidate(String(n)));
  expect(cutToSize([candidate('one', ['arm64']), ...many], 256).chosen).toHaveLength(128);
});

it('has the last version of each extension bring the index along', () => {
  const jobs = jobsOf([candidate('2'), candidate('1', ['arm64'], 'b'), candidate('1')]);
  expect(jobs.map(({ extension, version, index }) => [extension, version, index])).toEqual([
    ['a', '2', false],
    ['b', '1', true],
    ['a', '1', true],
  ]);
});

it('gives every arch the same options and the runner of its own', () => {
  const builds = buildsOf(
    candidate('1'),
    { a: 'x', b: '' },
    {
      ...forEachArch(({ runner }) => runner),
      'x86-64': 'amd',
      arm64: 'arm',
    },
  );
  expect(builds.map(({ runner, options }) => [runner, options])).toEqual([
    ['amd', 'a=x\nb='],
    ['arm', 'a=x\nb='],
  ]);
});

it('builds again what compiles on a machine of its own kind, and what packs on one kind', () => {
  const runners = { ...forEachArch(({ runner }) => runner), 'x86-64': 'amd', arm64: 'arm' };
  const both = ['packed', 'compiled'].map((name) => candidate('1', undefined, name));
  const again = rebuildsOf(both, runners, (extension) => extension === 'compiled');
  expect(again.map(({ extension, arch, runner }) => [extension, arch, runner])).toEqual([
    ['packed', 'x86-64', 'amd'],
    ['packed', 'arm64', 'amd'],
    ['compiled', 'x86-64', 'amd'],
    ['compiled', 'arm64', 'arm'],
  ]);
});
