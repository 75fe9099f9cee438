import { z } from 'zod';
import { commonShape } from './listing.ts';
import type { Listed } from './listing.ts';
import { sourceKind } from './source-kind.ts';

/** Versions written into the recipe itself. */
const PinnedSource = z.strictObject({
  from: z.literal('pinned'),
  versions: z.array(z.string().min(1)).min(1),
  ...commonShape,
});
type PinnedSource = z.infer<typeof PinnedSource>;

export const pinnedSource = sourceKind({
  from: 'pinned',
  schema: PinnedSource,
  list: listPinned,
  words: () => 'the versions that the recipe names',
  isLocal: true,
});

function listPinned(source: PinnedSource): Promise<Listed[]> {
  return Promise.resolve(source.versions.map((text) => ({ text, prerelease: false })));
}
