import { expect, it } from '@jest/globals';
import type { Arch } from '@bakery/core/names/arch.ts';
import { buildsOf, cutToSize, type Candidate } from './matrix.ts';

function candidate(version: string, arches: readonly Arch[] = ['x86-64', 'arm64']): Candidate {
  return { wanted: { name: 'a', version, why: 'latest' }, arches };
}

it.each([
  [256, 3, 0],
  [6, 3, 0],
  [5, 2, 1],
  [1, 0, 3],
])('with %d jobs takes %d versions of two arches and defers %d', (jobs, chosen, deferred) => {
  const cut = cutToSize([candidate('3'), candidate('2'), candidate('1')], jobs);
  expect([cut.chosen.length, cut.deferred.length]).toEqual([chosen, deferred]);
});

it('gives every arch the same options and the runner of its own', () => {
  const builds = buildsOf(candidate('1'), { a: 'x', b: '' }, { 'x86-64': 'amd', arm64: 'arm' });
  expect(builds.map(({ runner, options }) => [runner, options])).toEqual([
    ['amd', 'a=x\nb='],
    ['arm', 'a=x\nb='],
  ]);
});
