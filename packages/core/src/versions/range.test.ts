import { describe, expect, it } from '@jest/globals';
import { inRange, VersionRange } from './range.ts';

describe('inRange', () => {
  it.each([
    ['v1.25.9', '<1.26', true],
    ['v1.26.0', '<1.26', false],
    ['1.26.0', '<v1.26', false],
    ['3.0.1', '>=3.0', true],
    ['3.0', '>=3.0', true],
    ['2.9.15', '>=3.0', false],
    ['24.1.0', '>=20 <30', true],
    ['30.0.0', '>=20 <30', false],
    ['24.1.0', '>= 20 < 30', true],
    ['v2.0.0', '2.0.0', true],
    ['2.0.1', '=2.0.0', false],
    ['1.7.29', '<=1.7', false],
    ['v1.32.2+k3s10', '>v1.32.2+k3s2', true],
    ['2.17', '>2.9', true],
  ])('answers whether %s is in "%s": %s', (version, range, expected) => {
    expect(inRange(version, range)).toBe(expected);
  });
});

describe('VersionRange', () => {
  it.each(['<1.26', '>=1.26 <2', '>= 1.26', 'v1.2', '>v1.32.2+k3s1'])('accepts "%s"', (text) => {
    expect(VersionRange.safeParse(text).success).toBe(true);
  });

  it.each(['', ' ', '^1.2', '~1', '1.x || 2', '>=', '<1.26,>1'])('refuses "%s"', (text) => {
    expect(VersionRange.safeParse(text).success).toBe(false);
  });
});
