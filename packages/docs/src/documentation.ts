import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LoadedRecipe, loadRecipeBook } from '@bakery/core/recipe.ts';
import { parseReleaseList, type ReleaseEntry } from '@bakery/core/release.ts';
import { defaultOptions, hostUnits } from '@bakery/install/host-units.ts';
import { indexPage } from './index-page.ts';
import { extensionPage, type PageFacts } from './page.ts';
import { readExamples, sampleVersion, type Examples } from './sample-version.ts';
import { readUncheckedSignatures } from './unchecked-signatures.ts';

/** Every generated page of the checkout in `root`: its path below `root` and its text. */
export async function documentation(root: string): Promise<ReadonlyMap<string, string>> {
  const facts = await pageFacts(root);
  return new Map([
    ['docs/extensions.md', indexPage(facts.map(({ recipe }) => recipe))],
    ...facts.map((one): [string, string] => [`docs/extensions/${one.recipe.name}.md`, extensionPage(one)]),
  ]);
}

/** What the pages are made of, sorted by name. */
export async function pageFacts(root: string): Promise<readonly PageFacts[]> {
  const recipeBook = await loadRecipeBook([join(root, 'recipes')], root);
  const file = 'release_build_versions.txt';
  const list = parseReleaseList(await readFile(join(root, file), 'utf8'), file);
  const examples = await readExamples(root);
  const unchecked = await readUncheckedSignatures(root);
  const pages = new Set(recipeBook.names);
  return Promise.all(
    recipeBook.names.map(async (name) => ({
      ...(await exampleOf(await recipeBook.find(name), list, examples)),
      pages,
      unchecked,
    })),
  );
}

async function exampleOf(
  loaded: LoadedRecipe,
  list: readonly ReleaseEntry[],
  examples: Examples,
): Promise<Omit<PageFacts, 'pages' | 'unchecked'>> {
  const { recipe } = loaded;
  const version = sampleVersion(recipe.name, list, examples);
  const options = defaultOptions(recipe);
  const facts = { version, arch: 'x86-64', options } as const;
  return { recipe, version, options, ...(await hostUnits(loaded, facts)) };
}
