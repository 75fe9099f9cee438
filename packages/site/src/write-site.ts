import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readPlain } from '@bakery/core/lifetime.ts';
import type { RecipeBook } from '@bakery/core/recipe.ts';
import { type Site, sitePages, type SiteExtension } from './site-pages.ts';

/** Style, script and icon; the same distance from sources and from a bundle. */
const assets = join(import.meta.dirname, '../../../packages/site/assets');
const maxReadme = 1024 * 1024; // bytes
const assetNames = ['site.css', 'site.js', 'icon.svg'];

export interface SiteRequest extends Omit<Site, 'extensions'> {
  readonly recipes: RecipeBook;
}

/** Every file of the site: its path and its bytes. */
export async function siteFiles({
  recipes,
  ...known
}: SiteRequest): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const extensions = await Promise.all(
    known.catalogue.extensions.map((published) => withRecipe(published, recipes)),
  );
  const [pages, beside] = await Promise.all([
    sitePages({ ...known, extensions }),
    Promise.all(
      assetNames.map(async (name): Promise<[string, Uint8Array]> => [
        name,
        await readFile(join(assets, name)),
      ]),
    ),
  ]);
  return new Map<string, string | Uint8Array>([...pages, ...beside]);
}

/** Writes the site of what `catalogue` names into `folder`. */
export async function writeSite(folder: string, request: SiteRequest): Promise<void> {
  for (const [path, bytes] of await siteFiles(request)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

/** A recipe that is gone or broken leaves what the catalogue says. */
async function withRecipe(
  published: SiteExtension['published'],
  recipes: RecipeBook,
): Promise<SiteExtension> {
  const recipe = await recipes.find(published.name).catch(() => undefined);
  if (recipe === undefined) return { published };
  // A link out of its folder must not make a file of this machine a page.
  const readme = await readPlain(join(recipe.folder, 'README.md'), { maxBytes: maxReadme });
  return { published, recipe, ...(readme === undefined ? {} : { readme: readme.toString('utf8') }) };
}
