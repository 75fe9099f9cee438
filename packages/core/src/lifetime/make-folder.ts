import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { absent, isMissing } from './file-errors.ts';

/** Makes a folder and those above it, unless they are there. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
    // Node.js says ENOENT here whatever is wrong, e.g. with a read-only disk; one folder at a time it tells.
    const parent = dirname(path);
    if (parent !== path && (await stat(parent).catch(absent)) === undefined) await makeFolder(parent);
    await mkdir(path);
  }
}
