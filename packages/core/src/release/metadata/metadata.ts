import { UserError } from '../../diagnostics/user-error.ts';
import { parsePartName, type PartId } from '../../names/file-names.ts';
import { manifestName } from '../../names/manifest-name.ts';
import { tagOf } from '../../names/tag.ts';
import type { Report } from '../../ports/report.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { Recipe } from '../../recipe/schema.ts';
import type { Asset, MetadataAsset, Release, Replaced, Store } from '../../store/store.ts';
import type { Upstream } from '../check/upstream.ts';
import { defaultCaps, keptVersions, withinCaps } from '../history/kept-images.ts';
import { publishedVersions } from '../history/published-versions.ts';
import { retire, type RetireRule } from '../history/retire.ts';
import { readRetired, retiredFile, retiredName, type Retirements } from '../history/retired.ts';
import { sumsOf } from '../history/version-facts.ts';
import {
  currentWithdrawals,
  manifestOfNothing,
  readWithdrawals,
  type Withdrawals,
  withdrawnFile,
} from '../history/withdrawn.ts';
import { adapterFilesOf } from '../publish/adapter-files.ts';
import { publishIndex, type Index as NewIndex } from '../publish/publish-index.ts';
import { transferFilesOf, type Target } from '../publish/transfer-files.ts';

export interface MetadataContext extends Target {
  /** Names of the recipes there are; those of others are told from the store’s tags. */
  readonly names: readonly string[];
  /** Files the index of everything lists, as far as somebody looked: what is gone of them was deleted. */
  readonly listed?: ReadonlySet<string>;
  /** What the catalogue says of extensions; without it, what it said before. */
  readonly recipeBook?: RecipeBook;
  /** Tells the catalogue what is past its end of life; without it, that stays as it was. */
  readonly upstream?: Pick<Upstream, 'lives'>;
  /** Hears what the catalogue cannot say. */
  readonly report?: Pick<Report, 'warn'>;
  /** By extension, what its index need not name any more; of one without a rule, what it did not name before. */
  readonly retireRules?: ReadonlyMap<string, RetireRule>;
  /** Takes note of releases of versions as they are read, for whoever needs them later in the run. */
  readonly seen?: Map<string, Release>;
}

/** An image in the store, or a file beside one, told apart by its name. */
interface Image {
  readonly version: string;
  readonly kind: PartId['kind'];
  readonly tag: string;
  readonly asset: Asset & { readonly sha256: string };
}

/**
 * Regenerates what hosts read of one extension, from its published releases. `recipe` is undefined for an
 * extension whose recipe is gone: its versions stay listed. `change` is what is to be withdrawn besides, or no more.
 */
export async function updateExtensionMetadata(
  name: string,
  recipe: Recipe | undefined,
  context: MetadataContext,
  change: (withdrawals: Withdrawals) => Withdrawals = (withdrawals) => withdrawals,
): Promise<Replaced> {
  const signer = await context.signer?.();
  let withdrawals: Withdrawals = new Map();
  let published: readonly string[] = [];
  const make = async (): Promise<NewIndex | undefined> => {
    published = await publishedVersions(name, context);
    // Asked at once, so that all extensions still share their requests; few have anything withdrawn.
    const [remembered, before, all] = await Promise.all([
      readWithdrawals(name, context.store),
      readRetired(name, context.store),
      listedImages(name, published, recipe, context),
    ]);
    withdrawals = change(currentWithdrawals(name, remembered, published, context.listed ?? new Set()));
    const offered = published.filter((version) => !withdrawals.has(version));
    const known = new Map([...before].filter(([version]) => !withdrawals.has(version)));
    const retired = await retiredOf(name, offered, known, recipe, context);
    const versions = offered.filter((version) => !retired.has(version));
    const images =
      versions.length === published.length ? all : await listedImages(name, versions, recipe, context);
    if (images.length + withdrawals.size === 0) return undefined;
    const memory = withdrawnFile(name, withdrawals);
    return {
      title: `${name}: all versions`,
      notes:
        versions.length === 0
          ? 'No versions: all are withdrawn.\n'
          : `${versions.length} versions, newest ${versions[0]}.${retired.size === 0 ? '' : ` ${retired.size} older ones are retired: ${retiredName(name)}.`}\n`,
      isGlobal: false,
      files: [
        ...(imagesBesideIndex(context) === 'none' ? [] : images.map(linkTo)),
        ...transferFilesOf(
          recipe ?? { name, streams: undefined },
          versions,
          context,
          signer !== undefined,
          versions.filter((version) =>
            images.some((one) => one.version === version && one.kind === 'verity'),
          ),
        ),
        ...adapterFilesOf(recipe ?? { name }, context, signer !== undefined),
        ...(withdrawals.size === 0 ? [] : [memory]),
        ...(retired.size === 0 ? [] : [retiredFile(name, retired)]),
      ],
      manifest:
        images.length === 0
          ? [manifestOfNothing(memory)]
          : images.map(({ asset }) => ({ name: asset.name, sha256: asset.sha256 })),
    };
  };
  const replaced = await publishIndex(context.store, name, make, signer);
  for (const version of published) {
    const why = withdrawals.get(version)?.why;
    if (why !== undefined) await context.store.mark(tagOf({ name, version }), why);
  }
  return replaced;
}

/** A hub finds every image wherever it is; without one a host finds only what lies beside the index. */
export function imagesBesideIndex({ store, hub }: Target): Store['imagesBesideIndex'] {
  return hub !== undefined && store.imagesBesideIndex === 'newest' ? 'none' : store.imagesBesideIndex;
}

/** Of the versions `offered`, newest first, those that its index is not to name; and what it remembers of others. */
async function retiredOf(
  name: string,
  offered: readonly string[],
  before: Retirements,
  recipe: Recipe | undefined,
  { store, retireRules }: MetadataContext,
): Promise<Retirements> {
  const rule = retireRules?.get(name);
  if (rule === undefined) return before;
  const isDated = rule.policy?.since !== undefined;
  const releases = isDated ? await store.releases(offered.map((version) => tagOf({ name, version }))) : [];
  const dates = new Map(releases.map(({ tag, publishedAt }) => [tag, publishedAt]));
  const dated = offered.map((version) => ({ version, publishedAt: dates.get(tagOf({ name, version })) }));
  return retire(dated, before, recipe?.streams ?? [], rule);
}

/** The images, with what lies beside them, that an extension’s index lists, newest version first; `versions` likewise. */
async function listedImages(
  name: string,
  versions: readonly string[],
  recipe: Recipe | undefined,
  context: MetadataContext,
): Promise<Image[]> {
  if (imagesBesideIndex(context) !== 'newest') return imagesOf(name, versions, context);
  const kept = keptVersions(versions, recipe?.streams ?? []);
  return withinCaps(await imagesOf(name, kept, context), defaultCaps);
}

/** The images of published versions, in the order of `versions`. */
async function imagesOf(
  name: string,
  versions: readonly string[],
  { store, seen }: MetadataContext,
): Promise<Image[]> {
  const byTag = new Map(versions.map((version) => [tagOf({ name, version }), version]));
  const releases = await store.releases([...byTag.keys()]);
  for (const release of releases) seen?.set(release.tag, release);
  const images = releases.map(async ({ tag, assets }) => {
    const version = byTag.get(tag);
    if (version === undefined) return [];
    const own = assets.flatMap((asset) => {
      const id = parsePartName(asset.name, name);
      return id?.version === version ? { ...asset, kind: id.kind } : [];
    });
    const sums = own.every(({ sha256 }) => sha256 !== undefined) ? undefined : await sumsOf(tag, store);
    return own.map(({ kind, ...asset }): Image => {
      const sha256 = asset.sha256 ?? sums?.get(asset.name);
      if (sha256 === undefined) {
        throw new UserError(
          'store.damaged',
          `${tag}: expected a hash of ${asset.name}, found it neither in the store nor in ${manifestName}`,
        );
      }
      return { version, kind, tag, asset: { ...asset, sha256 } };
    });
  });
  return (await Promise.all(images)).flat();
}

function linkTo({ tag, asset }: Image): MetadataAsset {
  return { name: asset.name, from: { tag, asset } };
}
