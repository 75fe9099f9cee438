import type { Catalogue, CatalogueExtension } from '@bakery/core/catalogue.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import type { LoadedRecipe } from '@bakery/core/recipe.ts';
import type { Behind, Failing } from '@bakery/core/release.ts';
import { extensionFeed, siteFeed } from './feed.ts';
import { offersOf } from './offers.ts';
import { composePage } from './pages/compose-page.ts';
import { extensionPage } from './pages/extension-page.ts';
import { indexPage } from './pages/index-page.ts';
import { keysPage } from './pages/keys-page.ts';
import { statusPage } from './pages/status-page.ts';

/** What pages are made of. */
export interface Site {
  readonly catalogue: Catalogue;
  readonly extensions: readonly SiteExtension[];
  /** What runs remember of extensions that fail, by name; absent where only the catalogue is known. */
  readonly failing?: Readonly<Record<string, Failing>>;
  /** The same of those with versions that the last run left to the next one. */
  readonly behind?: Readonly<Record<string, Behind>> | undefined;
  /** What has come to an end by now, milliseconds since 1970. */
  readonly now: number;
}

export interface SiteExtension {
  readonly published: CatalogueExtension;
  /** Where the bakery still has it. */
  readonly recipe?: LoadedRecipe;
  /** Markdown. */
  readonly readme?: string;
}

/** Every page and feed: its path below the site and its text. */
export async function sitePages(site: Site): Promise<ReadonlyMap<string, string>> {
  const offered = await Promise.all(
    site.extensions.map(async (extension) => ({
      extension,
      offers: await offersOf(extension, site.catalogue),
    })),
  );
  const own = new Map([
    ['index.html', indexPage(site)],
    ['compose/index.html', composePage(site, offered)],
    ['keys/index.html', keysPage(site)],
    ['status/index.html', statusPage(site)],
    ['feed.atom', siteFeed(site)],
  ]);
  for (const { published } of site.extensions)
    if (own.has(`${published.name}/index.html`))
      throw new UserError(
        'name.invalid',
        `extension ${published.name}: the site has a page of its own called ${published.name}/`,
        { hint: 'publish the extension under another name' },
      );
  return new Map([
    ...own,
    ...offered.flatMap(({ extension, offers }): [string, string][] => {
      const { name } = extension.published;
      return [
        [`${name}/index.html`, extensionPage(site, extension, offers)],
        [`${name}/feed.atom`, extensionFeed(site, extension)],
      ];
    }),
  ]);
}
