import { signatureNames } from '../../names/manifest-name.ts';
import type { FeedSigner } from '../../signing/feed-signer.ts';
import type { MetadataAsset, Store } from '../../store/store.ts';

/** What every systemd looks for beside a manifest. */
export const [signatureName = ''] = signatureNames;

/** Signs one manifest after the other under `tag` and remembers, so that the same text has the same signature. */
export function manifestSigner(
  store: Pick<Store, 'read'>,
  tag: string,
  signer: FeedSigner | undefined,
): (manifest: string) => Promise<readonly MetadataAsset[]> {
  const made = new Map<string, string>();
  return async (manifest) => {
    if (signer === undefined) return [];
    // gpg’s output changes with time: what is published stays as long as it is good, or every night would swap it.
    const there = await store.read(tag, signatureName);
    const isGood =
      there !== undefined && (there === made.get(manifest) || (await signer.isOwn(manifest, there)));
    const signature = isGood ? there : (made.get(manifest) ?? (await signer.sign(manifest)));
    made.set(manifest, signature);
    return [{ name: signatureName, text: signature }];
  };
}
