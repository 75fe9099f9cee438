import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';

/**
 * One SHA-256 over everything in a recipe’s folder that can change an image: paths, executable bits, contents
 * and link targets, in the order of their paths. What stands beside recipe.yaml for people and tests (`*.md`,
 * `tree.txt`) does not count.
 */
export async function hashRecipe(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter(
    (entry) => !entry.isDirectory() && !(entry.parentPath === folder && isAbout(entry.name)),
  );
  for (const path of paths.map((entry) => join(entry.parentPath, entry.name)).toSorted()) {
    const stats = await lstat(path);
    if (!stats.isSymbolicLink() && !stats.isFile()) {
      throw new UserError('path.no-file', `${path}: expected a file, folder or link, got a special file`);
    }
    const content = stats.isSymbolicLink() ? await readlink(path) : await readFile(path);
    const kind = stats.isSymbolicLink() ? 'link' : (stats.mode & 0o100) === 0 ? 'file' : 'program';
    hash.update(`${kind} ${relative(folder, path)} ${Buffer.byteLength(content)}\n`).update(content);
  }
  return hash.digest('hex');
}

function isAbout(file: string): boolean {
  return file.endsWith('.md') || file === 'tree.txt';
}
