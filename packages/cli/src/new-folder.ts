import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@bakery/core/diagnostics.ts';
import { absent, makeFolder } from '@bakery/core/lifetime.ts';

/**
 * Has `work` fill a folder, which may be there when it is empty: nothing of a user's is ever replaced. As with a store, it
 * may be a symlink to one, since its user names it. What was filled goes when the work fails, half done as it is, and so
 * does a folder made for it. `asked` is what people called it.
 */
export async function inNewFolder<T>(path: string, asked: string, work: () => Promise<T>): Promise<T> {
  const isMade = (await stat(path).catch(absent)) === undefined;
  await makeFolder(path);
  if ((await readdir(path)).length > 0) {
    throw new UserError('folder.taken', `${asked}: expected no folder of that name, or an empty one`, {
      hint: 'remove it first',
    });
  }
  try {
    return await work();
  } catch (error) {
    const left = isMade ? [path] : (await readdir(path)).map((name) => join(path, name));
    for (const one of left) await rm(one, { recursive: true, force: true });
    throw error;
  }
}
