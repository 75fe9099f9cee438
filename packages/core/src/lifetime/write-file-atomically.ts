import { open, rename, rm } from 'node:fs/promises';
import { inFile } from './file-errors.ts';

/** Writes `text` so that a reader of `path` sees the old bytes or the new ones, also after a power cut. */
export async function writeFileAtomically(
  path: string,
  temporary: string,
  text: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
  try {
    await writeWhole(path, temporary, text, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Has the bytes of `path` ready in `temporary`, on the disk, for a rename that shows them. */
export async function writeWhole(
  path: string,
  temporary: string,
  text: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
  await using file = await open(temporary, 'w', mode);
  // Whatever the umask, and also where a killed run left the file.
  if (((await file.stat()).mode & 0o777) !== mode) await file.chmod(mode);
  await inFile(path, file.writeFile(text));
  await inFile(path, file.sync());
}
