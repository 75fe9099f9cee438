import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Catalogue } from '@bakery/core/catalogue/schema.ts';
import type { RecipeBook } from '@bakery/core/recipe/recipe-book.ts';
import { sitePages, type SiteExtension } from './site.ts';

/** Style, script and icon; the same distance from sources and from a bundle. */
const assets = join(import.meta.dirname, '../../../packages/site/assets');
const assetNames = ['site.css', 'site.js', 'icon.svg'];

export interface SiteRequest {
  readonly catalogue: Catalogue;
  readonly recipes: RecipeBook;
  readonly now: number;
}

/** Writes the site of what `catalogue` names into `folder`. Resolves to the number of extensions on it. */
export async function writeSite(folder: string, { catalogue, recipes, now }: SiteRequest): Promise<number> {
  const extensions = await Promise.all(
    catalogue.extensions.map((published) => withRecipe(published, recipes)),
  );
  const pages = await sitePages({ catalogue, extensions, now });
  for (const [path, text] of pages) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  for (const name of assetNames) await copyFile(join(assets, name), join(folder, name));
  return extensions.length;
}

/** A recipe that is gone or broken leaves what the catalogue says. */
async function withRecipe(
  published: SiteExtension['published'],
  recipes: RecipeBook,
): Promise<SiteExtension> {
  const recipe = await recipes.find(published.name).catch(() => undefined);
  if (recipe === undefined) return { published };
  const readme = await readFile(join(recipe.folder, 'README.md'), 'utf8').catch(() => undefined);
  return { published, recipe, ...(readme === undefined ? {} : { readme }) };
}
