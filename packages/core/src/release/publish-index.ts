import { manifestName } from '../names/manifest-name.ts';
import type { MetadataAsset, Replaced, Store } from '../store/store.ts';
import { formatManifest, type ManifestEntry } from '../sysupdate/manifest.ts';

/** What hosts read of an extension, or of everything: a manifest and what lies beside it. */
export interface Index {
  readonly title: string;
  /** Markdown. */
  readonly notes: string;
  /** Whether it is the index of everything. */
  readonly isGlobal: boolean;
  /** Images and sysupdate files; a reader sees them before the manifest that names them. */
  readonly files: readonly MetadataAsset[];
  readonly manifest: readonly ManifestEntry[] | SignedManifest;
}

/** A manifest that must stay as it is, byte for byte. */
export interface SignedManifest {
  readonly text: string;
  readonly signatures: readonly MetadataAsset[];
}

/**
 * The one way an index gets into a store, for extensions and for everything, made here or copied from elsewhere.
 * `make` is called again whenever the store may have changed; `undefined` leaves everything as it is.
 */
export function publishIndex(
  store: Store,
  tag: string,
  make: () => Promise<Index | undefined>,
): Promise<Replaced> {
  return store.replace(tag, async () => {
    const index = await make();
    if (index === undefined) return undefined;
    const { title, notes, isGlobal, files, manifest } = index;
    const { text, signatures } =
      'text' in manifest ? manifest : { text: formatManifest(manifest), signatures: [] };
    return {
      title,
      notes,
      newest: isGlobal,
      assets: [...files, ...signatures, { name: manifestName, text }],
    };
  });
}
