import { signatureNames } from '../names/manifest-name.ts';
import type { MetadataAsset } from '../store/store.ts';
import type { Source } from './source.ts';

export interface Signature {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The signatures of a release’s manifest. */
export async function signaturesOf(tag: string, source: Source): Promise<readonly Signature[]> {
  const found = signatureNames.map(async (name) => ({ name, bytes: await source.bytes(tag, name) }));
  return (await Promise.all(found)).flatMap(({ name, bytes }) =>
    bytes === undefined ? [] : [{ name, bytes }],
  );
}

/** Signatures as files of a metadata release. */
export function signatureAssets(signatures: readonly Signature[]): readonly MetadataAsset[] {
  return signatures.map(({ name, bytes }) => ({ name, text: bytes }));
}
