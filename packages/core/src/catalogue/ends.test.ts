import { describe, expect, it } from '@jest/globals';
import { sampleCatalogue } from '../../testing/sample-catalogue.ts';
import { endsAsTold, endsIn } from './ends.ts';

describe('the end of life', () => {
  const ends = endsIn([
    { series: '24', end: '2028-04-30', hasEnded: false, hasLts: true },
    { series: '1.33', end: '2026-06-28', hasEnded: true, hasLts: false },
    { series: '2', hasEnded: true, hasLts: false },
  ]);

  it.each([
    ['v24', '2028-04-30'],
    ['v24.1', '2028-04-30'],
    ['v1.33', '2026-06-28'],
    ['v1', undefined],
    ['v2', undefined],
    ['v240', undefined],
  ])('of the stream %s is %s', (label, day) => {
    expect(ends.dayOf(label)).toBe(day);
  });

  it.each([
    ['24.1.0', false],
    ['v1.33.6+k3s1', true],
    ['v1.34.2+k3s1', false],
    ['2.0.0-r1', true],
  ])('of %s is over: %s', (version, isOver) => {
    expect(ends.hasEnded(version)).toBe(isOver);
  });

  it('is what the catalogue said, where nobody answers', () => {
    const told = endsAsTold(sampleCatalogue.extensions[0]);
    expect(told.dayOf('v1.33')).toBe('2026-06-28');
    expect(told.dayOf('v1.34')).toBeUndefined();
    expect(['v1.33.6+k3s1', 'v1.34.2+k3s1'].map((version) => told.hasEnded(version))).toEqual([true, false]);
    expect(endsAsTold(undefined).hasEnded('v1.33.6+k3s1')).toBe(false);
  });
});
