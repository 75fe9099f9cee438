import { expect, it } from '@jest/globals';
import { chooseImage, type ImageSettings } from './image-settings.ts';

const wished = { image: { format: 'erofs', compression: 'zstd', level: 9 } } as const;

it.each<[string, ImageSettings, Partial<ReturnType<typeof chooseImage>>]>([
  ['takes what the bakery wants', { epoch: 0 }, { format: 'erofs', compression: 'zstd', level: 9 }],
  ['takes a level of this run', { epoch: 0, level: 3 }, { format: 'erofs', compression: 'zstd', level: 3 }],
  [
    'drops the level of another compressor',
    { epoch: 0, compression: 'lz4' },
    { format: 'erofs', compression: 'lz4' },
  ],
  ['drops the compressor of another format', { epoch: 0, format: 'btrfs' }, { format: 'btrfs' }],
])('%s', (_, given, chosen) => {
  expect(chooseImage(given, wished)).toEqual({ epoch: 0, ...chosen });
});

it('is squashfs where nobody says anything', () => {
  expect(chooseImage({ epoch: 0 }, {})).toEqual({ epoch: 0, format: 'squashfs' });
});
