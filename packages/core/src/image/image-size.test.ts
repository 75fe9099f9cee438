import { describe, expect, it } from '@jest/globals';
import { ImageSize, showSize } from './image-size.ts';

describe('ImageSize', () => {
  it.each([
    ['512M', 536_870_912],
    ['2G', 2_147_483_648],
    ['1024K', 1_048_576],
    ['1048576', 1_048_576],
  ])('reads %s', (text, bytes) => {
    expect(ImageSize.parse(text)).toBe(bytes);
  });

  it.each(['', 'G', '1.5G', '0', '-1M', '1g', '1MB', '4K'])('refuses %j', (text) => {
    expect(ImageSize.safeParse(text).success).toBe(false);
  });
});

describe('showSize', () => {
  it.each([
    [1_073_741_824, '1G'],
    [1_100_000_000, '1.1G'],
    [5000, '4.9K'],
    [12, '12'],
  ])('shows %i as %s', (bytes, text) => {
    expect(showSize(bytes)).toBe(text);
  });
});
