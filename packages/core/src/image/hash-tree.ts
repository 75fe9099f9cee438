import { chmod, stat } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { hashOf } from '../fetch/hashing.ts';
import type { Exec } from '../ports/exec.ts';
import { endedWith, lastLines } from '../ports/last-lines.ts';
import { uuidFrom } from './uuid.ts';

/** An image whose blocks hosts are to check as they read them. */
export interface ImageToProve {
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

const blockSize = 4096; // bytes; what systemd expects where nothing says otherwise

/** Writes the dm-verity hash tree of an image to `output`, the same for the same bytes. Resolves to its root, in hex. */
export async function writeHashTree(
  image: ImageToProve,
  output: string,
  { exec }: { readonly exec: Exec },
): Promise<string> {
  const { size } = await stat(image.path);
  if (size === 0 || size % blockSize !== 0) {
    throw new UserError(
      'verity.failed',
      `${image.path}: expected an image of whole blocks of ${blockSize} bytes, got ${size} bytes`,
    );
  }
  const { code, stdout, stderr } = await exec.run('veritysetup', hashTreeArgs(image, output), {
    env: { LC_ALL: 'C' },
  });
  const [, root] = /^Root hash:\s*([0-9a-f]{64})$/m.exec(stdout) ?? [];
  if (code === 0 && root !== undefined) {
    await chmod(output, 0o644); // veritysetup lets nobody else read it
    return root;
  }
  const what = code === 0 ? 'printed no root hash' : endedWith(code);
  throw new UserError(
    'verity.failed',
    `${image.path}: veritysetup ${what}\n  ${lastLines({ stdout, stderr })}`,
  );
}

/** What veritysetup would choose by chance comes from the image. */
export function hashTreeArgs({ path, sha256 }: ImageToProve, output: string): string[] {
  const blocks = [`--data-block-size=${blockSize}`, `--hash-block-size=${blockSize}`];
  const chosen = [`--salt=${hashOf(`salt of ${sha256}`)}`, `--uuid=${uuidFrom(`hash tree of ${sha256}`)}`];
  return ['format', '--hash=sha256', ...blocks, ...chosen, path, output];
}
