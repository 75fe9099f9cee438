import { describe, expect, it } from '@jest/globals';
import { isPrerelease } from './prerelease.ts';

describe('isPrerelease', () => {
  it.each([
    'v1.32.2-rc1+k3s1',
    '1.2.3-rc.1',
    '1.2.3-0',
    'v3.0-alpha1',
    '4.0-pre1',
    '4.6-pre2',
    '3.3-dev12',
    '2.0rc1',
    '1.0b2',
    '1.0a1',
    'nightly',
    'v1.0-nightly.20240101',
    '5.1_beta',
    '1.0-SNAPSHOT',
    'canary',
    'v2-preview',
    'mq-testrelease-1',
    'v1.2+k3s1-rc1',
    '28.0-rc.2',
    'v1.0.milestone3',
  ])('takes %s for one', (text) => {
    expect(isPrerelease(text)).toBe(true);
  });

  it.each([
    'v1.32.2+k3s1',
    'v1.33.12+rke2r2',
    '1.2.3',
    '2.17',
    '4.8',
    'v44.0',
    '0.4.9a',
    '1.0.2k',
    '20230803',
    '1.2-arch',
    '1.2-rcfile',
    '7.4p1',
    'v0.4.9',
    '1.2_1',
    '1.0-final',
    '2024.1',
  ])('takes %s for final', (text) => {
    expect(isPrerelease(text)).toBe(false);
  });
});
