import { catalogueEntry, type Locate } from '../catalogue/assemble.ts';
import { formatCatalogue, readableCatalogue } from '../catalogue/catalogue.ts';
import { factsOfRecipe } from '../catalogue/facts-of-recipe.ts';
import { type Catalogue, CatalogueFacts, type CatalogueExtension } from '../catalogue/schema.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { hashOf } from '../fetch/hashing.ts';
import { catalogueName } from '../names/catalogue-name.ts';
import { parseImageName } from '../names/file-names.ts';
import { globalTag } from '../names/manifest-name.ts';
import { ringNames } from '../names/ring-names.ts';
import { versionsByName } from '../names/versions-by-name.ts';
import type { RecipeBook } from '../recipe/recipe-book.ts';
import type { Recipe } from '../recipe/schema.ts';
import type { FeedSigner } from '../signing/feed-signer.ts';
import type { ManifestEntry } from '../sysupdate/manifest.ts';
import { requireFolderUrl, type TextFile } from '../sysupdate/transfer.ts';
import type { SeriesKind } from '../versions/series.ts';
import type { MetadataContext } from './metadata.ts';
import { folderUrl } from './transfer-files.ts';
import { timeOf, versionFacts } from './version-facts.ts';
import { readWithdrawals, type Withdrawals } from './withdrawn.ts';

/** What the store has at one moment. */
export interface Standing {
  readonly tags: ReadonlySet<string>;
  /** Names of all extensions, known and told from tags. */
  readonly names: readonly string[];
  /** By extension. */
  readonly manifests: ReadonlyMap<string, readonly ManifestEntry[]>;
}

/**
 * `catalogue.json`, from what is published, the recipes and the catalogue there is: the same of the same. What a run has
 * not read anyway it asks only of versions that are not in the catalogue yet.
 */
export async function catalogueFile(
  { tags, names, manifests }: Standing,
  signer: FeedSigner | undefined,
  context: MetadataContext,
): Promise<TextFile> {
  const { store, recipeBook, seen = new Map() } = context;
  const hub = folderUrl('x', context).replace(/x\/$/, '');
  requireFolderUrl(hub);
  const locate: Locate = (tag, file) => ({ file, url: folderUrl(tag, context) + file });
  const before = tags.has(globalTag)
    ? readableCatalogue(await store.read(globalTag, catalogueName))
    : undefined;
  const published = versionsByName(tags, names);
  const entries = [...manifests].map(async ([name, manifest]) => {
    const told = before?.extensions.find((extension) => extension.name === name);
    const versions = published.get(name) ?? [];
    const isOdd = mayBeWithdrawn(name, versions, { manifest, before: told });
    const [recipe, facts, remembered] = await Promise.all([
      recipeOf(name, recipeBook),
      versionFacts(name, versions, { manifest, before: told }, { store, locate, seen }),
      isOdd ? readWithdrawals(name, store) : new Map(),
    ]);
    const known = recipe === undefined ? CatalogueFacts.parse(told ?? {}) : factsOfRecipe(recipe);
    const withdrawn = current(remembered, versions);
    const isGone = recipeBook !== undefined && recipeBook.folder(name) === undefined;
    const streams = recipe?.streams ?? (isGone || recipe !== undefined ? [] : kindsIn(told));
    return catalogueEntry({ name, facts: known, streams, versions: facts, manifest, withdrawn }, locate);
  });
  const catalogue: Catalogue = {
    catalogue: 1,
    hub,
    ...trust(signer, locate),
    extensions: (await Promise.all(entries)).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
  return { name: catalogueName, text: formatCatalogue(catalogue) };
}

/** Only what an index does not list, or not any more, can be withdrawn. */
function mayBeWithdrawn(
  name: string,
  versions: readonly string[],
  {
    manifest,
    before,
  }: {
    readonly manifest: readonly ManifestEntry[];
    readonly before: CatalogueExtension | undefined;
  },
): boolean {
  const listed = new Set(manifest.map((entry) => parseImageName(entry.name, name)?.version));
  const there = new Set(versions);
  return (
    versions.some((version) => !listed.has(version)) ||
    before?.versions.some(({ state, version }) => state === 'yanked' || !there.has(version)) === true
  );
}

function current(remembered: Withdrawals, versions: readonly string[]): Withdrawals {
  return new Map(
    [...remembered].filter(([version, { deleted }]) => deleted !== true || !versions.includes(version)),
  );
}

/** A recipe that is broken or gone keeps nobody from the versions it made. */
async function recipeOf(name: string, book: RecipeBook | undefined): Promise<Recipe | undefined> {
  if (book?.folder(name) === undefined) return undefined;
  try {
    return (await book.find(name)).recipe;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Of a recipe that cannot be read now: its index is as it was. */
function kindsIn(told: CatalogueExtension | undefined): readonly SeriesKind[] {
  const kinds = told?.streams.map(({ label }) => (label.includes('.') ? 'minor' : 'major'));
  return [...new Set(kinds)];
}

function trust(signer: FeedSigner | undefined, locate: Locate): Pick<Catalogue, 'ring' | 'keys'> {
  if (signer === undefined) return { keys: [] };
  const [ring = ''] = ringNames;
  return {
    ring: {
      ...locate(globalTag, ring),
      sha256: hashOf(signer.ring),
      data: Buffer.from(signer.ring).toString('base64'),
    },
    keys: signer.keys.map(({ fingerprint, primary, created, expires, canSign, isRevoked }) => ({
      fingerprint,
      primary,
      created: timeOf(created * 1000),
      ...(expires === undefined ? {} : { expires: timeOf(expires * 1000) }),
      signs: canSign,
      ...(isRevoked ? { revoked: true } : {}),
    })),
  };
}
