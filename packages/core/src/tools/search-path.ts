import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Debian leaves these out of PATH for everybody but root, and mkfs.* and e2fsck live there. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** `path` (colon-separated, as in PATH) with the folders of system programs added at the end. */
export function withSystemFolders(path: string): string {
  const folders = path.split(':').filter((folder) => folder !== '');
  return [...folders, ...systemFolders.filter((folder) => !folders.includes(folder))].join(':');
}

/** The first executable file called `program` on `path`, or `undefined`. */
export async function findProgram(program: string, path: string): Promise<string | undefined> {
  for (const folder of withSystemFolders(path).split(':')) {
    const candidate = join(folder, program);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
