import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { isMissing } from '../lifetime/file-errors.ts';
import type { Tree } from './tree.ts';

/** Copies a recipe's own files: modes become 0755 or 0644 by the owner's exec bit, links stay as they are. */
export function copyStaticTree(tree: Tree, folder: string): void {
  for (const name of entriesOf(folder)) {
    if (name !== 'usr' && name !== 'opt') {
      throw new UserError('recipe.files', `${join(folder, name)}: expected only usr/ and opt/ in ${folder}`, {
        hint: 'a system extension brings nothing else to the host',
      });
    }
    copyEntry(tree, folder, `/${name}`);
  }
}

function copyEntry(tree: Tree, folder: string, path: string): void {
  const from = join(folder, path);
  const found = lstatSync(from);
  if (found.isDirectory()) {
    tree.folder(path, folder);
    for (const name of entriesOf(from)) copyEntry(tree, folder, `${path}/${name}`);
  } else if (found.isSymbolicLink()) {
    tree.symlink(path, readlinkSync(from), folder);
  } else if (found.isFile()) {
    if ((found.mode & 0o7000) !== 0) {
      const mode = `0${(found.mode & 0o7777).toString(8)}`;
      throw new UserError(
        'recipe.files',
        `${from}: expected no setuid, setgid or sticky bit, got mode ${mode}`,
        {
          hint: 'it would run with root’s rights for everybody on every host; git does not keep such a bit either',
        },
      );
    }
    tree.copy(path, from, (found.mode & 0o100) === 0 ? 0o644 : 0o755, folder);
  } else {
    throw new UserError('path.no-file', `${from}: expected a file, folder or link, got a special file`);
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new UserError('recipe.files', `${folder}: expected a folder with usr/ or opt/ in it, got none`, {
      cause,
    });
  }
}
