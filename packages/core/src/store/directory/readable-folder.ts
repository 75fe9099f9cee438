import { chmod, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { absent } from '../../lifetime/file-errors.ts';
import { makeFolder } from '../../lifetime/make-folder.ts';

/** Whatever the umask: who serves a store is another user. */
export const readable = { file: 0o644, folder: 0o755 } as const;

/** Makes a folder, and those above it, that anybody may read; one that is there keeps the mode its owner gave it. */
export async function makeReadableFolder(path: string): Promise<void> {
  if ((await stat(path).catch(absent)) !== undefined) return;
  if (dirname(path) !== path) await makeReadableFolder(dirname(path));
  await makeFolder(path);
  await chmod(path, readable.folder);
}
