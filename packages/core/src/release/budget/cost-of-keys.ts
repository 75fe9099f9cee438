import { hashOf } from '../../fetch/hashing.ts';
import { allArches } from '../../names/arch.ts';
import { sidecarKinds } from '../../names/file-names.ts';
import { keysExtension } from '../../names/keys-extension.ts';
import { globalTag } from '../../names/manifest-name.ts';
import { ringNames } from '../../names/ring-names.ts';
import type { Budget, Spending } from '../../store/budget.ts';
import { newestFirst } from '../../systemd/compare.ts';
import { keptVersions } from '../history/kept-images.ts';
import { nextKeysVersion } from '../metadata/keys-version.ts';
import { imagesBesideIndex } from '../metadata/metadata.ts';
import { type Target, transferFilesOf } from '../publish/transfer-files.ts';
import type { HasSidecars } from './sidecars-there.ts';

/** What went in, the bill of materials, SHA256SUMS. */
export const recordsAndManifest = 3;

export interface Ring {
  /** The public keys hosts are to trust, where they are known without the secret one. */
  readonly ring?: () => Promise<Uint8Array | undefined>;
}

/**
 * Whether hosts are to trust other keys than those published. Another key signs then, most likely, and every signature is
 * replaced; where a key was only dropped they stay, which does not show without the secret key.
 */
export async function isRingOther({ store, ring }: Pick<Target, 'store'> & Ring): Promise<boolean> {
  const [name = ''] = ringNames;
  const wanted = await ring?.();
  if (wanted === undefined) return false;
  const published = await store.hash(globalTag, name);
  return published !== undefined && published !== hashOf(wanted);
}

/** Of a version that holds the ring, and of its index. */
export function costOfKeys(
  there: readonly string[],
  budget: Budget,
  context: Pick<Target, 'store' | 'hub' | 'adapters'> & { readonly hasSidecars: HasSidecars },
  now: number,
): readonly Spending[] {
  const { adapters = [], hasSidecars } = context;
  const [newest] = there.toSorted(newestFirst);
  const version = nextKeysVersion(newest, now);
  const signedManifest = 2;
  const isProved = (one: string): boolean => hasSidecars(keysExtension, one);
  const parts = (one: string): number => allArches.length * (isProved(one) ? 1 + sidecarKinds.length : 1);
  const images = (all: readonly string[]): number =>
    imagesBesideIndex(context) === 'none' ? 0 : all.reduce((sum, one) => sum + parts(one), 0);
  const recipe = { name: keysExtension, streams: undefined };
  const transfers = (all: readonly string[]): number =>
    transferFilesOf(recipe, all, context, true, all.filter(isProved)).length;
  const isNew = newest === undefined;
  const [before, after] = [there, [version, ...there]].map((all) => keptVersions(all.toSorted(newestFirst)));
  const gone = before?.filter((one) => after?.includes(one) !== true) ?? [];
  return [
    budget.release(parts(version) + transfers([version]) + recordsAndManifest + 1),
    budget.index({
      isNew,
      isGlobal: false,
      added:
        images([version]) +
        transfers([version, ...there]) -
        (isNew ? 0 : transfers(there)) +
        (isNew ? signedManifest + adapters.length : 0),
      replaced: isNew ? 0 : signedManifest,
      removed: images(gone),
    }),
  ];
}
