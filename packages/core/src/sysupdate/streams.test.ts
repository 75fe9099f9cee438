import { describe, expect, it } from '@jest/globals';
import { streamOf, streamsOf } from './streams.ts';

describe('a stream', () => {
  it.each([
    ['24.1.0', 'major', 'v24', '24'],
    ['v24.1.0', 'major', 'v24', 'v24'],
    ['24.1.0', 'minor', 'v24.1', '24.1'],
    ['v1.34.2', 'minor', 'v1.34', 'v1.34'],
    ['v1.34.2+k3s1', 'minor', 'v1.34', 'v1.34'],
    ['v1.34.2+rke2r1', 'major', 'v1', 'v1'],
    ['2024.01.3', 'minor', 'v2024.01', '2024.01'],
    ['1.2.x', 'minor', 'v1.2', '1.2'],
  ] as const)('of %s (%s) is %s, with files that start with %s.', (version, kind, label, prefix) => {
    expect(streamOf(version, kind)).toEqual({ label, prefix });
  });

  it.each([
    ['24', 'major'],
    ['v24', 'major'],
    ['24.1', 'minor'],
    ['v1.34+k3s1', 'minor'],
    ['v1.34-rc1', 'minor'],
    ['24-1', 'major'],
    ['24.', 'major'],
    ['r12.3.4', 'major'],
    ['', 'major'],
  ] as const)('does not exist for %j (%s)', (version, kind) => {
    expect(streamOf(version, kind)).toBeUndefined();
  });
});

describe('the streams of an extension', () => {
  it('are listed once each, oldest first', () => {
    const versions = ['v1.34.2', 'v1.9.1', 'v1.34.10', 'v1.10.0', 'v2'];
    expect(streamsOf(versions, 'minor').map(({ label }) => label)).toEqual(['v1.9', 'v1.10', 'v1.34']);
    expect(streamsOf(versions, ['minor', 'major']).map(({ label }) => label)).toEqual([
      'v1',
      'v1.9',
      'v1.10',
      'v1.34',
    ]);
  });

  it('are none unless the recipe asks', () => {
    expect(streamsOf(['1.2.3'])).toEqual([]);
    expect(streamsOf([], 'major')).toEqual([]);
  });

  it('cannot mix versions with and without v', () => {
    expect(() => streamsOf(['v1.34.2', '1.34.3'], 'minor')).toThrow(
      'stream v1.34: expected all its versions to start alike, got "v1.34." and "1.34."',
    );
  });
});
