import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '@bakery/core/diagnostics.ts';
import { isTaken, makeFolder } from '@bakery/core/lifetime.ts';

/** What is to be in a folder, by paths relative to it. */
export interface FolderContent {
  readonly files: readonly {
    readonly path: string;
    readonly content: string | Uint8Array;
    /** Permission bits. */
    readonly mode: number;
  }[];
  readonly links?: readonly { readonly path: string; readonly to: string }[];
}

/** Writes a folder of a user, called `shown`, where none of that name is: as a whole or not at all. */
export async function writeNewFolder(
  folder: string,
  { files, links = [] }: FolderContent,
  { shown, hint }: { readonly shown: string; readonly hint?: string },
): Promise<void> {
  const staging = join(dirname(folder), `.new-${randomUUID()}`);
  await makeFolder(staging);
  try {
    for (const { path, content, mode } of files) {
      await mkdir(dirname(join(staging, path)), { recursive: true });
      await writeFile(join(staging, path), content, { mode });
    }
    for (const { path, to } of links) {
      await mkdir(dirname(join(staging, path)), { recursive: true });
      await symlink(to, join(staging, path));
    }
    await rename(staging, folder);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    if (!isTaken(error)) throw error;
    throw new UserError(
      'folder.taken',
      `${shown}: is there already; nothing was changed`,
      hint === undefined ? {} : { hint },
    );
  }
}
