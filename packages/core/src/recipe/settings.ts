import { z } from 'zod';
import type { KeyPath } from '../diagnostics/key-path.ts';
import type { Place } from '../diagnostics/place.ts';
import { ImageFormat } from '../image/formats.ts';
import { ExtensionName } from '../names/extension-name.ts';
import { Latest } from '../versions/latest.ts';
import { Retention } from './retention.ts';
import { Streams } from './streams.ts';

/** What a bakery may want of its extensions without another recipe. */
export const Settings = z.strictObject({
  format: ImageFormat.optional().describe('File system of the images.'),
  compression: z.string().min(1).optional().describe('Compression, one that the format supports.'),
  level: z.int().min(0).max(100).optional().describe('Compression level.'),
  latest: Latest.optional().describe('What "latest" stands for, overriding the recipe.'),
  ended: z.boolean().optional().describe('Whether versions past their end of life count as latest.'),
  lts: z.boolean().optional().describe('Whether only versions with long-term support count as latest.'),
  'max-age': z
    .int()
    .min(1)
    .max(3650)
    .optional()
    .describe(
      'Days after which a version that upstream published no longer counts as latest; the newest always does.',
    ),
  streams: Streams.optional().describe('Version streams to offer instead of the recipe’s.'),
  retention: Retention.optional().describe('Which versions stay in the indexes and the store. Default: all.'),
});
export type Settings = z.infer<typeof Settings>;

/** The same of one extension, which may be a recipe published under another name. */
export const ExtensionSettings = Settings.extend({
  recipe: ExtensionName.optional().describe('The recipe it is built from, if not the one of the same name.'),
  options: z.record(z.string(), z.string()).optional().describe('Options of the recipe.'),
});
export type ExtensionSettings = z.infer<typeof ExtensionSettings>;

/** Settings and where they were written. */
export interface Written<T = ExtensionSettings> {
  readonly settings: T;
  readonly locate: (path: KeyPath) => Place;
}
