import { resolve } from 'node:path';
import { UserError } from '@bakery/core/diagnostics.ts';
import { whatStandsAt } from '@bakery/core/lifetime.ts';

/** Where the system lies that a user wants something taken from. */
export async function rootFolder(root: string, cwd: string): Promise<string> {
  const path = resolve(cwd, root);
  const found = await whatStandsAt(path);
  if (found === 'a folder') return path;
  throw new UserError('build.root', `${root}: expected a folder with another system, found ${found}`, {
    hint: 'bakery oci-rootfs, debootstrap and the like make one',
  });
}
