import { describe, expect, it } from '@jest/globals';
import { keptVersions, withinCaps } from './kept-images.ts';

const versions = ['2.1.3', '2.1.2', '2.1.1', '2.1.0', '2.0.9', '1.9.4', '1.9.3', '1.9.2', '1.9.1'];

describe('keptVersions', () => {
  it('keeps as many of the newest as a host does', () => {
    expect(keptVersions(versions)).toEqual(['2.1.3', '2.1.2', '2.1.1']);
  });

  it('keeps as many of each stream, the newest of every stream before the second of any', () => {
    expect(keptVersions(versions, ['minor'])).toEqual([
      '2.1.3',
      '2.1.2',
      '2.1.1',
      '2.0.9',
      '1.9.4',
      '1.9.3',
      '1.9.2',
    ]);
  });

  it('keeps a version with too few parts for a stream only among the newest', () => {
    expect(keptVersions(['5', '4', '3', '2'], ['minor'])).toEqual(['5', '4', '3']);
  });
});

describe('withinCaps', () => {
  const images = ['3', '3', '2', '2', '1', '1'].map((version) => ({ version, asset: { size: 10 } }));

  it.each([
    [{ images: 6, size: 60 }, 6],
    [{ images: 5, size: 60 }, 4],
    [{ images: 6, size: 40 }, 4],
    [{ images: 1, size: 1 }, 2],
  ])('keeps whole versions within %j', (caps, kept) => {
    expect(withinCaps(images, caps)).toHaveLength(kept);
  });
});
