import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { problemsError, type Problem } from '../diagnostics/problem.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { filesOf } from '../fetch/signature/signature.ts';
import { parseDocumentAs, type Parsed } from '../language/parse-document.ts';
import { filesOfSteps } from '../steps/build-step.ts';
import type { Named } from '../steps/step-kind.ts';
import type { LoadedRecipe } from './loaded.ts';
import { meaningProblems } from './meaning.ts';
import { Recipe } from './schema.ts';

export const recipeFile = 'recipe.yaml';

/**
 * Reads a recipe from `text`. Whatever is wrong (YAML, schema, meaning) comes as one UserError, a line each:
 * `recipes/k3s/recipe.yaml:12:5 artifacts[0].integrity: expected …, got "abc"`.
 */
export function parseRecipe(text: string, file: string): Omit<LoadedRecipe, 'folder'> {
  const { value: recipe, data, locate }: Parsed<Recipe> = parseDocumentAs(Recipe, text, file);
  const problems = meaningProblems(recipe, data);
  if (problems.length > 0) throw problemsError(problems, locate);
  return { recipe, data, locate };
}

/**
 * Loads the recipe in `folder` (absolute). Errors name the file relative to `from`, when given. A recipe that
 * lists no static trees gets its `files/` folder, if there is one.
 */
export async function loadRecipe(folder: string, from?: string): Promise<LoadedRecipe> {
  const path = join(folder, recipeFile);
  const file = from === undefined ? path : relative(from, path);
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR') throw cause;
    throw new UserError(`${dirname(file)}: expected a folder with a ${recipeFile}, found none`, { cause });
  });
  const { recipe, data, locate } = parseRecipe(text, file);
  const trees = recipe.files ?? ((await isFolder(join(folder, 'files'))) ? [{ from: 'files' }] : []);
  const problems = [
    ...nameProblems(recipe, folder),
    ...(await fileProblems({ ...recipe, files: trees }, folder)),
  ];
  if (problems.length > 0) throw problemsError(problems, locate);
  return { recipe: { ...recipe, files: trees }, data, folder, locate };
}

function nameProblems(recipe: Recipe, folder: string): Problem[] {
  const wanted = basename(folder);
  if (recipe.name === wanted) return [];
  return [{ path: ['name'], text: `expected the name of the folder, "${wanted}", got "${recipe.name}"` }];
}

/** Everything the recipe names in its own folder must be there. */
async function fileProblems(recipe: Recipe, folder: string): Promise<Problem[]> {
  const problems = recipe.files?.map(async (tree, index): Promise<Problem[]> => {
    if (await isFolder(join(folder, tree.from))) return [];
    return [
      {
        path: ['files', index, 'from'],
        text: `expected a folder in the recipe’s folder, got "${tree.from}"`,
      },
    ];
  });
  const named = namedFiles(recipe).map(async ({ path, name }): Promise<Problem[]> => {
    if (await exists(join(folder, name))) return [];
    return [{ path, text: `expected a file in the recipe’s folder, got "${name}"` }];
  });
  return (await Promise.all([...(problems ?? []), ...named])).flat();
}

function namedFiles(recipe: Recipe): readonly Named[] {
  const signatures = recipe.artifacts.flatMap(({ signature }, index) =>
    signature === undefined
      ? []
      : filesOf(signature).map(({ key, file }) => ({
          path: ['artifacts', index, 'signature', key],
          name: file,
        })),
  );
  return [...signatures, ...filesOfSteps(recipe.build)];
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
