import { catalogueEntry, type Locate } from '../../catalogue/assemble.ts';
import { formatCatalogue, readableCatalogue } from '../../catalogue/catalogue.ts';
import { endsAsTold, endsIn } from '../../catalogue/ends.ts';
import { factsOfRecipe } from '../../catalogue/facts-of-recipe.ts';
import { relocatedExtension } from '../../catalogue/relocate.ts';
import { type Catalogue, CatalogueFacts, type CatalogueExtension } from '../../catalogue/schema.ts';
import { noticeOfSize, whyTooLarge } from '../../catalogue/size.ts';
import type { Code } from '../../diagnostics/code.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import { hashOf } from '../../fetch/hashing.ts';
import { catalogueName } from '../../names/catalogue-name.ts';
import { parseImageName } from '../../names/file-names.ts';
import { globalTag } from '../../names/manifest-name.ts';
import { ringNames } from '../../names/ring-names.ts';
import { releaseTag } from '../../names/tag.ts';
import { versionsByName } from '../../names/versions-by-name.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { Recipe } from '../../recipe/schema.ts';
import type { FeedSigner } from '../../signing/feed-signer.ts';
import type { ManifestEntry } from '../../sysupdate/manifest.ts';
import { requireFolderUrl, type TextFile } from '../../sysupdate/transfer.ts';
import type { Life } from '../../versions/ends-of-life.ts';
import type { SeriesKind } from '../../versions/series.ts';
import { readRetired } from '../history/retired.ts';
import { timeOf, versionFacts } from '../history/version-facts.ts';
import { readWithdrawals, type Withdrawals } from '../history/withdrawn.ts';
import { folderUrl } from '../publish/transfer-files.ts';
import type { MetadataContext } from './metadata.ts';

/** What the store has at one moment. */
export interface Standing {
  readonly tags: ReadonlySet<string>;
  /** Names of all extensions, known and told from tags. */
  readonly names: readonly string[];
  /** By extension. */
  readonly manifests: ReadonlyMap<string, readonly ManifestEntry[]>;
}

export interface WrittenCatalogue {
  /** The one to be published; none where there is none that readers take. */
  readonly files: readonly TextFile[];
  /** Why it is not up to date. */
  readonly failure?: UserError;
}

/**
 * `catalogue.json`, from what is published, the recipes and the catalogue there is: the same of the same. What a run has
 * not read anyway it asks only of versions that are not in the catalogue yet. Hosts need the index beside it: of an
 * extension whose files are damaged it says what it said before, or nothing; and one that would be larger than readers take
 * stays as it was.
 */
export async function catalogueFile(
  { tags, names, manifests }: Standing,
  signer: FeedSigner | undefined,
  context: MetadataContext,
): Promise<WrittenCatalogue> {
  const hub = folderUrl('x', context).replace(/x\/$/, '');
  requireFolderUrl(hub);
  const locate: Locate = (tag, file) => ({ file, url: folderUrl(tag, context) + file });
  const there = tags.has(globalTag) ? await textThere(context.store) : undefined;
  const before = readableCatalogue(there);
  const published = versionsByName(tags, names);
  const entries = [...manifests].map(async ([name, manifest]) => {
    const told = before?.extensions.find((extension) => extension.name === name);
    const one = { name, manifest, told, versions: published.get(name) ?? [] };
    try {
      return [await entryOf(one, locate, context)];
    } catch (error) {
      if (!(error instanceof UserError) || !damage.has(error.code)) throw error;
      const what = told === undefined ? 'leaves it out' : 'says what it said before';
      context.report?.warn(`${name}: ${catalogueName} ${what}: ${error.message}`);
      return told === undefined ? [] : [asTold(told, manifest, locate)];
    }
  });
  const catalogue: Catalogue = {
    catalogue: 1,
    hub,
    ...trust(signer, locate),
    extensions: (await Promise.all(entries)).flat().toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
  const text = formatCatalogue(catalogue);
  const failure = whyTooLarge(text);
  if (failure !== undefined)
    return { files: there === undefined ? [] : [{ name: catalogueName, text: there }], failure };
  const notice = noticeOfSize(text);
  if (notice !== undefined) context.report?.warn(notice);
  return { files: [{ name: catalogueName, text }] };
}

/** Of an older bakery it may be larger than anybody reads; then it is made without it. */
async function textThere(store: MetadataContext['store']): Promise<string | undefined> {
  try {
    return await store.read(globalTag, catalogueName);
  } catch (error) {
    if (error instanceof UserError && tooLarge.has(error.code)) return undefined;
    throw error;
  }
}

const tooLarge: ReadonlySet<Code> = new Set(['fetch.too-large', 'path.too-large']);

/** What was said before, but for what hosts find today. */
function asTold(
  told: CatalogueExtension,
  manifest: readonly ManifestEntry[],
  locate: Locate,
): CatalogueExtension {
  const listed = new Set(manifest.map(({ name }) => name));
  const versions = told.versions.map((version) => ({
    ...version,
    listed: version.images.some(({ file }) => listed.has(file)),
  }));
  return relocatedExtension({ ...told, versions }, locate);
}

/** What is wrong with what an extension has in the store, and not with the way there. */
const damage: ReadonlySet<Code> = new Set(['manifest.invalid', 'store.contended', 'store.damaged']);

interface Published {
  readonly name: string;
  readonly versions: readonly string[];
  readonly manifest: readonly ManifestEntry[];
  readonly told: CatalogueExtension | undefined;
}

async function entryOf(
  { name, versions, manifest, told }: Published,
  locate: Locate,
  { store, recipeBook, upstream, seen = new Map() }: MetadataContext,
): Promise<CatalogueExtension> {
  const isOdd = mayBeWithdrawn({ name, versions, manifest, told });
  const [recipe, facts, remembered, retired] = await Promise.all([
    recipeOf(name, recipeBook),
    versionFacts(name, versions, { manifest, before: told }, { store, locate, seen }),
    isOdd ? readWithdrawals(name, store) : new Map(),
    isOdd ? readRetired(name, store) : new Map(),
  ]);
  const known = recipe === undefined ? CatalogueFacts.parse(told ?? {}) : factsOfRecipe(recipe);
  const withdrawn = current(remembered, versions);
  const lives = recipe === undefined ? undefined : await livesOf(recipe, upstream);
  const ends = lives === undefined ? endsAsTold(told) : endsIn(lives);
  const isGone = recipeBook !== undefined && recipeBook.folder(name) === undefined;
  const streams = recipe?.streams ?? (isGone || recipe !== undefined ? [] : kindsIn(told));
  const notesOf = (version: string): string | undefined => store.notesUrl(releaseTag(name, version));
  return catalogueEntry(
    { name, facts: known, streams, versions: facts, manifest, withdrawn, retired, ends, notesOf },
    locate,
  );
}

/** `undefined` where nobody tells. */
async function livesOf(
  { name, eol }: Recipe,
  upstream: MetadataContext['upstream'],
): Promise<readonly Life[] | undefined> {
  return eol === undefined ? [] : upstream?.lives(name);
}

/** Only what an index does not list, or not any more, can be withdrawn or retired. */
function mayBeWithdrawn({ name, versions, manifest, told }: Published): boolean {
  const listed = new Set(manifest.map((entry) => parseImageName(entry.name, name)?.version));
  const there = new Set(versions);
  return (
    versions.some((version) => !listed.has(version)) ||
    told?.versions.some(({ state, version }) => state === 'yanked' || !there.has(version)) === true
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
