import { mkdir, readdir } from 'node:fs/promises';
import { UserError } from '@bakery/core/user-error.ts';

/** Makes a folder, which may be there when it is empty: nothing of a user's is ever replaced. */
export async function newFolder(path: string, asked: string): Promise<void> {
  await mkdir(path, { recursive: true });
  if ((await readdir(path)).length === 0) return;
  throw new UserError(`${asked}: expected no folder of that name, or an empty one`, {
    hint: 'remove it first',
  });
}
