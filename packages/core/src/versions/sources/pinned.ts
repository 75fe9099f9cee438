import { z } from 'zod';
import { commonShape } from './listing.ts';
import type { Listed } from './listing.ts';

/** Versions written into the recipe itself. */
export const PinnedSource = z.strictObject({
  from: z.literal('pinned'),
  versions: z.array(z.string().min(1)).min(1),
  ...commonShape,
});
export type PinnedSource = z.infer<typeof PinnedSource>;

export function listPinned(source: PinnedSource): Promise<Listed[]> {
  return Promise.resolve(source.versions.map((text) => ({ text, prerelease: false })));
}
