import { describe, expect, it } from '@jest/globals';
import { compareVersions } from '../systemd/compare.ts';
import { isRevision, nextRevision, upstreamVersion } from './revision.ts';

describe('a revision', () => {
  it.each([
    ['1.2.3-r1', '1.2.3'],
    ['v1.32.2+k3s1-r12', 'v1.32.2+k3s1'],
    ['28-r1', '28'],
    ['3.2.1-1', '3.2.1-1'],
    ['1.0.0-rc1', '1.0.0-rc1'],
    ['v1.32.2+rke2r1', 'v1.32.2+rke2r1'],
    ['1.4-r0', '1.4-r0'],
  ])('%s is of %s', (version, upstream) => {
    expect(upstreamVersion(version)).toBe(upstream);
    expect(isRevision(version)).toBe(version !== upstream);
  });

  it('counts on, whatever else there is', () => {
    expect(nextRevision('1.0', ['1.0'])).toBe('1.0-r1');
    expect(nextRevision('1.0-r2', ['1.0', '1.0-r9', '1.0-r2', '1.0.1-r40'])).toBe('1.0-r10');
  });

  it.each(['v1.34.2', '24.0.7', 'v1.32.2+k3s1', '2024.1.1', '3.2.1-1', 'v0.4.9a', '28'])(
    'of %s is newer than it, and older than the next version',
    (version) => {
      const order = [version, `${version}-r1`, `${version}-r2`, `${version}-r10`, `${version}.1`];
      expect(order.toReversed().toSorted(compareVersions)).toEqual(order);
    },
  );
});
