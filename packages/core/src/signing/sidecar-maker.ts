import { writeFile } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { hashFile } from '../fetch/hash-file.ts';
import { type ImageToProve, writeHashTree } from '../image/hash-tree.ts';
import { inFile } from '../lifetime/file-errors.ts';
import { type SidecarKind, sidecarKinds } from '../names/file-names.ts';
import { type Pkcs7Context, type Pkcs7Key, pkcs7Signer } from './pkcs7-signer.ts';

/** A file beside an image. */
export interface Sidecar {
  readonly kind: SidecarKind;
  readonly path: string;
  readonly sha256: string;
}

/** Writes what hosts need to check each block of an image beside it: hash tree, its root, and a signature of that. */
export type SidecarMaker = (image: ImageToProve) => Promise<readonly Sidecar[]>;

/**
 * What makes files for dm-verity, once its key was tried. UserError without a key: a version that was published unsigned
 * stays so, and no host that demands signatures could ever have it.
 */
export async function openSidecarMaker(
  key: Pkcs7Key | undefined,
  context: Pkcs7Context,
): Promise<SidecarMaker> {
  if (key === undefined) {
    throw new UserError(
      'verity.no-key',
      'verity: sidecar: expected a key in BAKERY_VERITY_KEY and its certificate in BAKERY_VERITY_CERT, got none',
      { hint: 'docs/verity.md says how to make them and where they belong; verity: off goes without' },
    );
  }
  const sign = await pkcs7Signer(key, context);
  return async (image) => {
    const at = (kind: SidecarKind): string => image.path.replace(/raw$/, kind);
    const root = await writeHashTree(image, at('verity'), context);
    await inFile(at('roothash'), writeFile(at('roothash'), root)); // systemd wants no newline
    await inFile(at('p7s'), writeFile(at('p7s'), await sign(root)));
    return Promise.all(
      sidecarKinds.map(async (kind) => ({ kind, path: at(kind), sha256: await hashFile(at(kind)) })),
    );
  };
}
