import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { withPath } from '../diagnostics/key-path.ts';
import { findInFolder } from '../lifetime/find-inside.ts';
import { lintRules, type ShippedFile } from './lint-rules.ts';
import type { LoadedRecipe } from './loaded.ts';

const maxTextBytes = 64 * 1024; // larger files are no text a person wrote

/** Checks what the format allows and a good recipe does not do. Reads the recipe's folder only. */
export async function lintRecipe(loaded: LoadedRecipe): Promise<Diagnostic[]> {
  const { recipe, data, folder, locate } = loaded;
  const trees = await Promise.all(
    (recipe.files ?? []).map(async ({ from }, index) => {
      const files = await filesBelow(join(folder, from));
      return files.map((file) => ({ ...file, tree: from, at: ['files', index, 'from'] }));
    }),
  );
  const readme = findInFolder(folder, 'README.md');
  const facts = {
    recipe,
    data,
    shipped: trees.flat(),
    readme: readme?.stats.isFile() === true ? await textOf(readme.at) : undefined,
  };
  return lintRules
    .flatMap(({ code, severity, find }) =>
      find(facts).map(({ path, message }) => ({
        code,
        severity,
        place: locate(path),
        message: withPath(path, message),
      })),
    )
    .toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
}

async function filesBelow(tree: string): Promise<Omit<ShippedFile, 'tree' | 'at'>[]> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => !entry.isDirectory())
      .map(async (entry) => {
        const full = join(entry.parentPath, entry.name);
        return { path: `/${relative(tree, full)}`, text: entry.isFile() ? await textOf(full) : undefined };
      }),
  );
}

async function textOf(file: string): Promise<string | undefined> {
  if ((await stat(file)).size > maxTextBytes) return undefined;
  const text = await readFile(file, 'utf8');
  return text.includes('\0') ? undefined : text;
}
