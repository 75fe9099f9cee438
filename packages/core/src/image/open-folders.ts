import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Lets the owner into every folder below `path`, whatever modes a stranger gave them. Follows no link. */
export async function openFolders(path: string): Promise<void> {
  await chmod(path, 0o755);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(join(path, entry.name));
  }
}
