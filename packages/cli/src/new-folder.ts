import { readdir, rm } from 'node:fs/promises';
import { UserError } from '@bakery/core/diagnostics.ts';
import { makeFolder } from '@bakery/core/lifetime.ts';

/**
 * Has `work` fill a folder, which may be there when it is empty: nothing of a user's is ever replaced. It goes
 * when the work fails, half done as it is. `asked` is what people called it.
 */
export async function inNewFolder<T>(path: string, asked: string, work: () => Promise<T>): Promise<T> {
  await makeFolder(path);
  if ((await readdir(path)).length > 0) {
    throw new UserError('folder.taken', `${asked}: expected no folder of that name, or an empty one`, {
      hint: 'remove it first',
    });
  }
  try {
    return await work();
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    throw error;
  }
}
