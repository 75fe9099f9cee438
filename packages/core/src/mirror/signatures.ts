import { globalTag, manifestName, signatureNames } from '../names/manifest-name.ts';
import { ringNames } from '../names/ring-names.ts';
import type { MetadataAsset } from '../store/store.ts';
import type { Source } from './source.ts';

export interface Signature {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const looks = 5; // a source replaces one directly after the other

/** A manifest and its signatures, which were there at the same time: those of another manifest prove nothing. */
export async function readPair(
  tag: string,
  source: Source,
): Promise<{ readonly text: string | undefined; readonly signatures: readonly Signature[] }> {
  let text = await source.text(tag, manifestName);
  for (let look = 1; ; look++) {
    const signatures = text === undefined ? [] : await signaturesOf(tag, source);
    const again = signatures.length === 0 ? text : await source.text(tag, manifestName);
    if (again === text || look === looks) return { text, signatures };
    text = again;
  }
}

async function signaturesOf(tag: string, source: Source): Promise<readonly Signature[]> {
  const found = signatureNames.map(async (name) => ({ name, bytes: await source.bytes(tag, name) }));
  return (await Promise.all(found)).flatMap(({ name, bytes }) =>
    bytes === undefined ? [] : [{ name, bytes }],
  );
}

/** Signatures as files of a metadata release. */
export function signatureAssets(signatures: readonly Signature[]): readonly MetadataAsset[] {
  return signatures.map(({ name, bytes }) => ({ name, text: bytes }));
}

/** The public keys beside the index of everything. */
export async function ringsOf(source: Source): Promise<readonly MetadataAsset[]> {
  const found = ringNames.map(async (name) => ({ name, text: await source.bytes(globalTag, name) }));
  return (await Promise.all(found)).flatMap(({ name, text }) => (text === undefined ? [] : [{ name, text }]));
}
