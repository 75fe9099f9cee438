import { sidecarKinds } from '../../names/file-names.ts';
import { keysExtension } from '../../names/keys-extension.ts';
import { globalTag } from '../../names/manifest-name.ts';
import { ringNames } from '../../names/ring-names.ts';
import { versionsByName } from '../../names/versions-by-name.ts';
import { recipeArches } from '../../recipe/recipe-arches.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { Recipe } from '../../recipe/schema.ts';
import type { IndexChange, Spending } from '../../store/budget.ts';
import { newestFirst } from '../../systemd/compare.ts';
import type { Wanted } from '../check/plan.ts';
import { keptVersions } from '../history/kept-images.ts';
import { imagesBesideIndex } from '../metadata/metadata.ts';
import type { KeysContext } from '../metadata/publish-keys.ts';
import { globalAdapterFiles, requireServable } from '../publish/adapter-files.ts';
import { transferFilesOf, type Target } from '../publish/transfer-files.ts';
import { costOfKeys, isRingOther, recordsAndManifest, type Ring } from './cost-of-keys.ts';
import { type HasSidecars, whoHasSidecars } from './sidecars-there.ts';
import { withinBudget, type Candidate } from './within-budget.ts';

export interface AffordContext extends Pick<Target, 'store' | 'hub' | 'adapters' | 'verity'>, Ring {
  readonly recipeBook: RecipeBook;
  /** Every tag the store has. */
  readonly tags: ReadonlySet<string>;
  readonly isToBeSigned: () => Promise<boolean>;
  /** Publishes the public keys of a signed feed as an extension; absent where nobody wants that. */
  readonly keys?: KeysContext | undefined;
  /** Whether each version will have an attestation. */
  readonly isToBeAttested?: boolean;
  /** Whether its versions are built again, which the catalogue is told afterwards. */
  readonly isToBeRebuilt?: boolean;
  /** Hours of the store’s limits that the run may use. */
  readonly hours: number;
  /** Whose indexes are brought up to date by the run. */
  readonly extensions: readonly string[];
}

export interface Afforded {
  readonly chosen: readonly Wanted[];
  readonly deferred: readonly Wanted[];
  /** When the store takes more; milliseconds since 1970, when known. */
  readonly until: number | undefined;
  /** What it takes of the store’s limits; undefined where nothing limits it. */
  readonly cost: Spending | undefined;
}

/** What becomes of an index when a new key signs, and of nothing else. */
const signedAnew = { isNew: false, isGlobal: false, added: 0, replaced: 1, removed: 0, keepsText: true };
const besideGlobal = 3; // the catalogue, which changes with every version, noop.conf and noop.transfer
const catalogueAlone = {
  isNew: false,
  isGlobal: true,
  added: 0,
  replaced: 1,
  removed: 0,
  keepsText: true,
};

/** The first of `wanted` that the store lets a run publish, with the indexes that name them. */
export async function affordable(wanted: readonly Wanted[], context: AffordContext): Promise<Afforded> {
  requireServable(context);
  const { recipeBook, store, tags, hours, extensions, adapters = [] } = context;
  const budget = await store.budget();
  if (budget === undefined) return { chosen: wanted, deferred: [], until: undefined, cost: undefined };
  const recipes = new Map<string, Recipe>();
  for (const name of new Set([...wanted.map((one) => one.name), ...extensions])) {
    if (recipeBook.folder(name) !== undefined) recipes.set(name, (await recipeBook.find(name)).recipe);
  }
  const isSigned = await context.isToBeSigned();
  const manifests = isSigned ? 2 : 1; // one, and its signature
  const isSignedAnew = isSigned && (await isRingOther(context));
  const hasSidecars = await whoHasSidecars(context);
  const { partsOf, transfersOf, imagesOf } = countsOf(recipes, context, { isSigned, hasSidecars });
  const candidates = wanted.map((one): Candidate => {
    const signatures = manifests - 1;
    const beside = recordsAndManifest + signatures + (context.isToBeAttested === true ? 1 : 0);
    return {
      wanted: one,
      files: partsOf(one.name, one.version) + transfersOf(one.name, [one.version]) + beside,
    };
  });
  const published = versionsByName(tags, recipeBook.names);
  const indexOf = (name: string, built: readonly string[]): IndexChange | undefined => {
    const there = published.get(name) ?? [];
    const isNew = !tags.has(name);
    const isSame = built.length === 0 && !isNew;
    if (there.length + built.length === 0 || (isSame && !isSignedAnew)) return undefined;
    if (isSame) return signedAnew;
    const [before, after] = [isNew ? [] : there, [...there, ...built]];
    const [old, now] = [imagesOf(name, before), imagesOf(name, after)];
    const added = now.filter((image) => !old.includes(image)).length;
    const transfers = transfersOf(name, after) - (isNew ? 0 : transfersOf(name, before));
    const isOther = imagesBesideIndex(context) === 'none' || added > 0;
    const [whole, signature] = [isOther ? manifests : 0, isSignedAnew ? 1 : 0];
    return {
      isNew,
      isGlobal: false,
      added: added + transfers + (isNew ? manifests + adapters.length : 0),
      replaced: isNew ? 0 : Math.max(whole, signature),
      removed: old.filter((image) => !now.includes(image)).length,
    };
  };
  const rings = isSigned ? ringNames.length : 0;
  const isNew = !tags.has(globalTag);
  const isAnyNew = wanted.some(({ name }) => !tags.has(name));
  const keysThere = published.get(keysExtension) ?? [];
  const keys =
    isSigned && context.keys !== undefined && (keysThere.length === 0 || isSignedAnew)
      ? costOfKeys(keysThere, budget, { ...context, hasSidecars }, context.keys.now())
      : [];
  const isManifestOld = !isSignedAnew || wanted.length + keys.length > 0;
  const replaced = (isManifestOld ? manifests : 1) + 1 + (isSignedAnew ? rings : 0);
  const global = {
    isNew,
    isGlobal: true,
    added: isNew ? manifests + rings + besideGlobal + globalAdapterFiles([], context).length : 0,
    replaced: isNew ? 0 : replaced + (isAnyNew ? globalAdapterFiles([], context).length : 0),
    removed: 0,
    keepsText: !isManifestOld,
  };
  const verdicts = context.isToBeRebuilt === true ? [budget.index(catalogueAlone)] : [];
  const limits = { budget, hours, indexOf, global, extensions, verdicts, besides: keys };
  const { chosen, deferred, cost } = withinBudget(candidates, limits);
  return {
    chosen: chosen.map((one) => one.wanted),
    deferred: deferred.map((one) => one.wanted),
    until: budget.until,
    cost,
  };
}

interface Counts {
  /** Images of one version, with what lies beside them. */
  readonly partsOf: (name: string, version: string) => number;
  readonly transfersOf: (name: string, versions: readonly string[]) => number;
  /** Those beside the index of an extension that has these versions; each is something of its own. */
  readonly imagesOf: (name: string, versions: readonly string[]) => readonly string[];
}

/** What an extension writes, by its recipe; one whose recipe is gone has no streams. */
function countsOf(
  recipes: ReadonlyMap<string, Recipe>,
  context: AffordContext,
  { isSigned, hasSidecars }: { readonly isSigned: boolean; readonly hasSidecars: HasSidecars },
): Counts {
  /** Each is a file: an image, or what lies beside it. */
  const parts = (name: string, version: string): readonly string[] => {
    const recipe = recipes.get(name);
    const kinds = ['raw', ...(hasSidecars(name, version) ? sidecarKinds : [])];
    return (recipe === undefined ? [] : recipeArches(recipe)).flatMap((arch) =>
      kinds.map((kind) => `${arch}.${kind}`),
    );
  };
  return {
    partsOf: (name, version) => parts(name, version).length,
    transfersOf: (name, versions) => {
      const recipe = recipes.get(name) ?? { name, streams: undefined };
      const proved = versions.filter((version) => hasSidecars(name, version));
      return transferFilesOf(recipe, versions, context, isSigned, proved).length;
    },
    imagesOf: (name, versions) => {
      if (imagesBesideIndex(context) === 'none') return [];
      const kept = keptVersions(versions.toSorted(newestFirst), recipes.get(name)?.streams ?? []);
      return kept.flatMap((version) => parts(name, version).map((part) => `${version} ${part}`));
    },
  };
}
