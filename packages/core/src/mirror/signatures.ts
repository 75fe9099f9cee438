import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOf } from '../fetch/hashing.ts';
import { signatureNames } from '../hub/address.ts';
import { globalTag } from '../names/manifest-name.ts';
import type { MetadataAsset } from '../store/store.ts';
import { type MirrorContext, workFolder } from './context.ts';
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

/** Puts signatures, which are no text, in their place for a metadata release; its lock must be held. */
export async function placeSignatures(
  tag: string,
  signatures: readonly Signature[],
  { root }: Pick<MirrorContext, 'root'>,
): Promise<readonly MetadataAsset[]> {
  const folder = tag === globalTag ? root : join(root, tag);
  const placed = signatures.map(async ({ name, bytes }): Promise<MetadataAsset> => {
    const temporary = join(root, workFolder, `new-${randomUUID()}`); // removed by the next run if this one is killed
    await writeFile(temporary, bytes);
    await rename(temporary, join(folder, name));
    return { name, from: { tag, asset: { name, size: bytes.byteLength, sha256: hashOf(bytes) } } };
  });
  return Promise.all(placed);
}
