import { expect, it } from '@jest/globals';
import { type Arch, forEachArch } from '@bakery/core/src/names/arch.ts';
import { buildsOf, cutToSize, jobsOf, type Candidate } from './matrix.ts';

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
