import { forReader } from '../../lifetime/for-reader.ts';
import { keysExtension } from '../../names/keys-extension.ts';
import { globalTag, manifestName } from '../../names/manifest-name.ts';
import type { Ports } from '../../ports/ports.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { Recipe } from '../../recipe/schema.ts';
import type { FeedSigner } from '../../signing/feed-signer.ts';
import type { Replaced, Store } from '../../store/store.ts';
import { bestBeforeIn, namesIn } from '../../sysupdate/manifest.ts';
import type { Failure } from '../check/resolve-wanted.ts';
import { publishedExtensions } from '../history/published-versions.ts';
import type { RetireRule } from '../history/retire.ts';
import { requireServable } from '../publish/adapter-files.ts';
import { renewIndex } from '../publish/renew-index.ts';
import type { Target } from '../publish/transfer-files.ts';
import { updateGlobalMetadata } from './global-metadata.ts';
import { type MetadataContext, updateExtensionMetadata } from './metadata.ts';
import { postponedBy, runsLeft, type Postponed } from './postponed.ts';
import { type KeysContext, publishKeys, withKeysRecipe } from './publish-keys.ts';
import { removeRetired, type Retired } from './remove-retired.ts';

export interface UpdateContext extends Target, Pick<MetadataContext, 'upstream'> {
  readonly recipeBook: RecipeBook;
  /** What the indexes of extensions need not name any more, with what `store` holds. */
  readonly retention?: (names: readonly string[], store: Store) => Promise<ReadonlyMap<string, RetireRule>>;
  /** Publishes the public keys of a signed feed as an extension; absent where nobody wants that. */
  readonly keys?: KeysContext | undefined;
  readonly ports?: Pick<Ports, 'report'>;
}

export interface UpdatedMetadata {
  /** Tags. */
  readonly written: readonly string[];
  readonly postponed: readonly Postponed[];
  /** How many more runs finish what is postponed, where that is known. */
  readonly runsLeft?: number;
  readonly failures: readonly Failure[];
  readonly retired?: readonly Retired[];
}

/**
 * Brings the metadata of the extensions `asked` for, that of the feed’s keys and the global one up to date. All are
 * asked about at once, so that a store can answer many with one request; it is up to the store to write one after the
 * other. Where it takes no more before anything is looked at, all of it waits.
 */
export async function updateMetadata(
  asked: readonly string[],
  context: UpdateContext,
): Promise<UpdatedMetadata> {
  requireServable(context);
  const { store, keys } = context;
  const before = await lookedAt(asked, context);
  if (Array.isArray(before)) return { written: [], postponed: before, failures: [] };
  const { signer, everything, retireRules } = before;
  const published =
    signer === undefined || keys === undefined
      ? undefined
      : await updated(keysExtension, () => publishKeys(signer, context, keys));
  const extensions = [...new Set([...asked, ...(published === undefined ? [] : [keysExtension])])];
  const recipeBook =
    signer === undefined || published === undefined
      ? context.recipeBook
      : withKeysRecipe(context.recipeBook, signer);
  const metadata: MetadataContext = {
    ...context,
    recipeBook,
    retireRules,
    names: recipeBook.names,
    listed: namesIn(everything),
    seen: new Map(),
    ...(context.ports === undefined ? {} : { report: context.ports.report }),
  };
  const recipes = await Promise.all(extensions.map((name) => recipeOf(name, recipeBook)));
  let looked = 0;
  const updates = await Promise.all(
    recipes.map(async (read) => {
      if ('error' in read) return read;
      const { name, recipe } = read;
      const update = await updated(name, () => updateExtensionMetadata(name, recipe, metadata));
      looked++;
      const progress = `${looked} of ${recipes.length}`;
      if ('result' in update && update.result === 'written')
        context.ports?.report.info(`${progress}: the index of ${name} is written`);
      return update;
    }),
  );
  // All days are kept in view or none: one that passes stops hosts.
  const isDated = signer?.bestBefore !== undefined || bestBeforeIn(everything) !== undefined;
  const renewals = isDated ? await renewOthers(updates, metadata, signer) : [];
  if (published !== undefined) updates.push(published);
  // What was published must be told even if this fails; the next run writes the index.
  updates.push(await updated(globalTag, () => updateGlobalMetadata(metadata)));
  // Where an index could not be written, what is to come back is not named yet.
  const sound = new Set(updates.flatMap((update) => ('result' in update ? [update.name] : [])));
  const removal = await removeRetired(new Map([...retireRules].filter(([name]) => sound.has(name))), store);
  const kept = removal.failures.filter(({ name, error }) => postponedBy(name, error) === undefined);
  for (const { name, error } of kept) updates.push({ name, error: forReader(error) });
  // It still offers what is gone.
  if (removal.retired.some(({ isRemoved }) => isRemoved))
    updates.push(await updated(globalTag, () => updateGlobalMetadata(metadata)));
  const failing = new Set(updates.flatMap((update) => ('error' in update ? [update.name] : [])));
  for (const renewal of renewals)
    if (!('error' in renewal) || !failing.has(renewal.name)) updates.push(renewal);
  const postponed = updates.filter((update) => 'until' in update);
  const runs = postponed.length === 0 ? undefined : runsLeft(postponed, await store.budget());
  return {
    written: [
      ...new Set(
        updates.flatMap((update) => ('result' in update && update.result === 'written' ? [update.name] : [])),
      ),
    ],
    postponed,
    ...(runs === undefined ? {} : { runsLeft: runs }),
    failures: updates.filter((update) => 'error' in update),
    ...(removal.retired.length === 0 ? {} : { retired: removal.retired }),
  };
}

/** What is asked before anything is written: whether it can be signed, and what the indexes name and need not name. */
async function lookedAt(
  extensions: readonly string[],
  { store, signer, retention }: Pick<UpdateContext, 'store' | 'signer' | 'retention'>,
) {
  try {
    const opened = await signer?.();
    const everything = (await store.read(globalTag, manifestName)) ?? '';
    const retireRules = (await retention?.(extensions, store)) ?? new Map<string, RetireRule>();
    return { signer: opened, everything, retireRules };
  } catch (error) {
    const postponed = [...extensions, globalTag].flatMap((name) => postponedBy(name, error) ?? []);
    if (postponed.length === 0) throw error;
    return postponed;
  }
}

/** The recipe is undefined for an extension whose recipe is gone. */
async function recipeOf(
  name: string,
  recipeBook: RecipeBook,
): Promise<{ readonly name: string; readonly recipe: Recipe | undefined } | Failure> {
  try {
    const isKnown = recipeBook.folder(name) !== undefined;
    return { name, recipe: isKnown ? (await recipeBook.find(name)).recipe : undefined };
  } catch (error) {
    return { name, error: forReader(error) };
  }
}

/** Renews what is published and not regenerated by this run. */
async function renewOthers(
  updates: readonly Updated[],
  context: MetadataContext,
  signer: FeedSigner | undefined,
): Promise<readonly Updated[]> {
  const done = new Set(updates.flatMap((update) => ('error' in update ? [] : [update.name])));
  let others: readonly string[];
  try {
    others = (await publishedExtensions(context)).filter((name) => !done.has(name));
  } catch (error) {
    if (postponedBy(globalTag, error) === undefined) throw error;
    return []; // the index of everything waits as well, and says so
  }
  return Promise.all(others.map((name) => updated(name, () => renewIndex(name, context.store, signer))));
}

type Updated = { readonly name: string; readonly result: 'written' | 'unchanged' } | Postponed | Failure;

async function updated(name: string, update: () => Promise<Replaced>): Promise<Updated> {
  try {
    const result = await update();
    return typeof result === 'string' ? { name, result } : { name, ...result };
  } catch (error) {
    return postponedBy(name, error) ?? { name, error: forReader(error) };
  }
}
