import { manifestName } from '../../names/manifest-name.ts';
import type { FeedSigner } from '../../signing/feed-signer.ts';
import type { MetadataAsset, Replaced, Store } from '../../store/store.ts';
import { bestBeforeIn, parseManifest } from '../../sysupdate/manifest.ts';
import { bestBeforeOf } from './best-before-of.ts';
import { publishIndex } from './publish-index.ts';
import { signatureName } from './sign-manifest.ts';

/**
 * Renews the day in an index that a run does not regenerate, as nobody asked for it or its recipe is broken. But for the
 * day and the signature it stays as it is. Where the feed is to name no days any more, it loses its own.
 */
export async function renewIndex(
  name: string,
  store: Store,
  signer: FeedSigner | undefined,
): Promise<Replaced> {
  if (!(await isDue(name, store, signer))) return 'unchanged';
  return publishIndex(
    store,
    name,
    async () => {
      const text = await store.read(name, manifestName);
      const [release] = await store.releases([name]);
      if (text === undefined || release === undefined) return undefined;
      const files = release.assets
        .filter((asset) => !asset.name.startsWith(manifestName))
        .map((asset): MetadataAsset => ({ name: asset.name, from: { tag: name, asset } }));
      return { isGlobal: false, files, manifest: parseManifest(text, `${name}/${manifestName}`) };
    },
    signer,
  );
}

/** Also where a killed run left a manifest without its signature. */
async function isDue(name: string, store: Store, signer: FeedSigner | undefined): Promise<boolean> {
  const text = await store.read(name, manifestName);
  if (text === undefined) return false;
  const day = bestBeforeIn(text);
  if (signer?.bestBefore === undefined) return day !== undefined;
  const entries = parseManifest(text, `${name}/${manifestName}`);
  if (day !== bestBeforeOf(entries, text, signer.bestBefore)) return true;
  const signature = await store.read(name, signatureName);
  return signature === undefined || !(await signer.isOwn(text, signature));
}
