import { basename, dirname, join, relative } from 'node:path';
import type { KeyIssue } from '../diagnostics/diagnostic.ts';
import { documentError } from '../diagnostics/document-error.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { filesOf } from '../fetch/signature/signature.ts';
import { parseDocumentAs, type Parsed } from '../language/parse-document.ts';
import { findInFolder, specialKind } from '../lifetime/find-inside.ts';
import { readInside } from '../lifetime/open-inside.ts';
import { filesOfSteps } from '../steps/build-step.ts';
import type { Named } from '../steps/step-kind.ts';
import type { LoadedRecipe } from './loaded.ts';
import { partProblems, spreadParts } from './parts.ts';
import { Recipe } from './schema.ts';
import { semanticProblems } from './semantic-checks.ts';

export const recipeFile = 'recipe.yaml';

const maxBytes = 1024 * 1024; // of recipe.yaml; how much of it is YAML is judged by the parser

/**
 * Reads a recipe from `text`. Whatever is wrong (YAML, schema, semantics) comes as one UserError, a line each:
 * `recipes/k3s/recipe.yaml:12:5 artifacts[0].integrity: expected …, got "abc"`.
 */
export function parseRecipe(text: string, file: string): Omit<LoadedRecipe, 'folder'> {
  const { value, data: written, locate }: Parsed<Recipe> = parseDocumentAs(Recipe, text, file);
  const wrongParts = partProblems(value);
  if (wrongParts.length > 0) throw documentError(wrongParts, locate);
  const data = spreadParts(value, written);
  const recipe = data === written ? value : Recipe.parse(data);
  const problems = semanticProblems(recipe, data);
  if (problems.length > 0) throw documentError(problems, locate);
  return { recipe, data, locate };
}

/**
 * Loads the recipe in `folder` (absolute). Errors name the file relative to `from`, when given. A recipe that
 * lists no static trees gets its `files/` folder, if there is one.
 */
export async function loadRecipe(folder: string, from?: string): Promise<LoadedRecipe> {
  const path = join(folder, recipeFile);
  const file = from === undefined ? path : relative(from, path);
  const text = await readInside(folder, recipeFile, { maxBytes, shown: dirname(file) });
  if (text === undefined) {
    throw new UserError(
      'recipe.missing',
      `${dirname(file)}: expected a folder with a ${recipeFile}, found none`,
    );
  }
  const { recipe, data, locate } = parseRecipe(text.toString('utf8'), file);
  const trees = recipe.files ?? (lookAt(folder, 'files') === 'nothing' ? [] : [{ from: 'files' }]);
  const problems = [...nameProblems(recipe, folder), ...fileProblems({ ...recipe, files: trees }, folder)];
  if (problems.length > 0) throw documentError(problems, locate);
  return { recipe: { ...recipe, files: trees }, data, folder, locate };
}

function nameProblems(recipe: Recipe, folder: string): KeyIssue[] {
  const wanted = basename(folder);
  if (recipe.name === wanted) return [];
  return [{ path: ['name'], message: `expected the name of the folder, "${wanted}", got "${recipe.name}"` }];
}

/** Everything the recipe names in its own folder must be there, and not elsewhere behind a link. */
function fileProblems(recipe: Recipe, folder: string): KeyIssue[] {
  const trees = (recipe.files ?? []).map(({ from }, index) => ({
    path: ['files', index, 'from'],
    name: from,
    wanted: 'a folder',
  }));
  const files = namedFiles(recipe).map((named) => ({ ...named, wanted: 'a file' }));
  return [...trees, ...files].flatMap(({ path, name, wanted }): KeyIssue[] => {
    const there = lookAt(folder, name);
    if (there === wanted) return [];
    const got = there === 'nothing' ? '' : `: ${there}`;
    return [{ path, message: `expected ${wanted} in the recipe’s folder, got "${name}"${got}` }];
  });
}

/** For people: what is at a path of a recipe’s folder. */
function lookAt(folder: string, path: string): string {
  try {
    const found = findInFolder(folder, path);
    if (found === undefined) return 'nothing';
    return specialKind(found) ?? (found.stats.isDirectory() ? 'a folder' : 'a file');
  } catch (error) {
    if (error instanceof UserError) return 'a link that leads out of it';
    throw error;
  }
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
