import { manifestName } from '../../names/manifest-name.ts';
import type { FeedSigner } from '../../signing/feed-signer.ts';
import type { MetadataAsset, Replaced, Store } from '../../store/store.ts';
import { formatManifest, type ManifestEntry } from '../../sysupdate/manifest.ts';
import { bestBeforeOf } from './best-before-of.ts';
import { manifestSigner } from './sign-manifest.ts';

/** What hosts read of an extension, or of everything: a manifest and what lies beside it. */
export interface Index {
  /** As it is when absent, as are the notes. */
  readonly title?: string;
  /** Markdown. */
  readonly notes?: string;
  /** Whether it is the index of everything. */
  readonly isGlobal: boolean;
  /** Images and sysupdate files; a reader sees them before the manifest that names them. */
  readonly files: readonly MetadataAsset[];
  readonly manifest: readonly ManifestEntry[] | SignedManifest;
  /** The day from which hosts are to refuse a manifest that nobody signs here, `YYYY-MM-DD`. */
  readonly bestBefore?: string | undefined;
}

/** A manifest that must stay as it is, byte for byte. */
export interface SignedManifest {
  readonly text: string;
  readonly signatures: readonly MetadataAsset[];
}

/**
 * The one way an index gets into a store, for extensions and for everything, made here or copied from elsewhere.
 * `make` is called again whenever the store may have changed; `undefined` leaves everything as it is. With a `signer`
 * what is made here is signed, and good for as long as that says; a published signature that is missing or of another
 * manifest is mended as well.
 */
export function publishIndex(
  store: Store,
  tag: string,
  make: () => Promise<Index | undefined>,
  signer?: FeedSigner,
): Promise<Replaced> {
  const sign = manifestSigner(store, tag, signer);
  const dated = async (entries: readonly ManifestEntry[]): Promise<string | undefined> =>
    signer?.bestBefore && bestBeforeOf(entries, await store.read(tag, manifestName), signer.bestBefore);
  return store.replace(tag, async () => {
    const index = await make();
    if (index === undefined) return undefined;
    const { isGlobal, files, manifest, bestBefore, ...texts } = index;
    const text =
      'text' in manifest ? manifest.text : formatManifest(manifest, (await dated(manifest)) ?? bestBefore);
    const signatures = 'text' in manifest ? manifest.signatures : await sign(text);
    return {
      ...texts,
      newest: isGlobal,
      assets: [...files, { name: manifestName, text }, ...signatures],
    };
  });
}
