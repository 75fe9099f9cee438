import { z } from 'zod';
import { btrfs } from './btrfs.ts';
import { erofs } from './erofs.ts';
import { ext2, ext4 } from './ext.ts';
import type { Format } from './format.ts';
import { squashfs } from './squashfs.ts';

export const ImageFormat = z.enum(['squashfs', 'erofs', 'btrfs', 'ext4', 'ext2']);
export type ImageFormat = z.infer<typeof ImageFormat>;

export const defaultFormat: ImageFormat = 'squashfs';

/** Every kind of image the bakery makes and reads. */
export const formats: Readonly<Record<ImageFormat, Format>> = { squashfs, erofs, btrfs, ext4, ext2 };
