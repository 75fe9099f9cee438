import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { errorCode, isMissing } from './file-errors.ts';
import { findInFolder, specialKind } from './find-inside.ts';

/**
 * Opens the regular file at `path` of `folder` to read it; `undefined` when nothing is there. A link out of the
 * folder, a folder and a special file are a UserError, and nothing that is no file is ever waited for. Whoever
 * changes the folder meanwhile cannot make it open something else: what was opened is looked at once more.
 */
export async function openInside(
  folder: string,
  path: string,
  shown = folder,
): Promise<FileHandle | undefined> {
  const found = findInFolder(folder, path, shown);
  if (found === undefined) return undefined;
  const what = specialKind(found) ?? (found.stats.isDirectory() ? 'a folder' : undefined);
  if (what !== undefined)
    throw new UserError('path.no-file', `${join(shown, path)}: expected a file, got ${what}`);
  const handle = await openPlain(found.at);
  if (handle === undefined) return undefined;
  const isSame =
    (await handle.stat()).isFile() && (await isAt(handle, join(await realpath(folder), found.path)));
  if (isSame) return handle;
  await handle.close();
  throw new UserError(
    'system.changed',
    `${join(shown, path)}: expected a file that stays, it was changed just now`,
  );
}

/** The text of a file in `folder` that a person wrote, or `undefined` when there is none. */
export async function readInside(
  folder: string,
  path: string,
  { maxBytes, shown = folder }: { readonly maxBytes: number; readonly shown?: string },
): Promise<Buffer | undefined> {
  await using handle = await openInside(folder, path, shown);
  if (handle === undefined) return undefined;
  const { size } = await handle.stat();
  if (size > maxBytes) {
    throw new UserError(
      'path.too-large',
      `${join(shown, path)}: expected at most ${maxBytes} bytes, got ${size}`,
    );
  }
  return handle.readFile();
}

/** NONBLOCK: opening a pipe would wait for its writer. NOFOLLOW: no link was there a moment ago. */
async function openPlain(path: string): Promise<FileHandle | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  return open(path, flags).catch((cause: unknown) => {
    if (isMissing(cause) || errorCode(cause) === 'ELOOP') return undefined;
    throw cause;
  });
}

/** Where the kernel says an open file is, or was until just now; other systems than Linux do not say it. */
async function isAt(handle: FileHandle, path: string): Promise<boolean> {
  const place = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => path);
  return place === path || place === `${path} (deleted)`;
}
