import { UserError } from '../diagnostics/user-error.ts';
import { asUserError } from '../lifetime/file-errors.ts';
import { removeDeadScratch } from '../lifetime/scratch.ts';
import { keysExtension } from '../names/keys-extension.ts';
import { globalTag, manifestName } from '../names/manifest-name.ts';
import { tagOf } from '../names/tag.ts';
import type { Ports } from '../ports/ports.ts';
import type { ImageInputs } from '../provenance/inputs.ts';
import { recipeArches } from '../recipe/recipe-arches.ts';
import type { RecipeBook } from '../recipe/recipe-book.ts';
import type { Recipe } from '../recipe/schema.ts';
import type { FeedSigner } from '../signing/feed-signer.ts';
import type { Replaced, Store } from '../store/store.ts';
import { bestBeforeIn, namesIn } from '../sysupdate/manifest.ts';
import type { Gate } from '../trial/gate.ts';
import { requireServable } from './adapter-files.ts';
import { changesSince } from './changes-since.ts';
import { checkReleases } from './check-releases.ts';
import { createVersion } from './create-version.ts';
import type { CreateContext } from './create.ts';
import type { ImageSettings } from './image-settings.ts';
import {
  type MetadataContext,
  publishedExtensions,
  updateExtensionMetadata,
  updateGlobalMetadata,
} from './metadata.ts';
import { type Plan, type Wanted } from './plan.ts';
import { postponedBy, runsLeft, type Postponed } from './postponed.ts';
import { type KeysContext, publishKeys, withKeysRecipe } from './publish-keys.ts';
import { publishVersion } from './publish.ts';
import { removeRetired, type Retired } from './remove-retired.ts';
import { renewIndex } from './renew-index.ts';
import type { Failure, VersionRequest } from './resolve-wanted.ts';
import type { RetireRule } from './retire.ts';
import type { Target } from './transfer-files.ts';
import { tryVersion } from './try-version.ts';
import type { Upstream } from './upstream.ts';

export interface ReleaseContext extends CreateContext, Target {
  /** What the indexes of extensions need not name any more, with what `store` holds. */
  readonly retention?: (names: readonly string[], store: Store) => Promise<ReadonlyMap<string, RetireRule>>;
  readonly gate: Gate | undefined;
  readonly recipeBook: RecipeBook;
  readonly upstream: Upstream;
  /** Publishes the public keys of a signed feed as an extension; absent where nobody wants that. */
  readonly keys?: KeysContext | undefined;
}

export interface ReleaseOptions {
  readonly settings: ImageSettings;
  readonly maxBuilds?: number;
}

/** What a run did, for the summary. */
export interface Released {
  readonly plan: Plan;
  readonly published: readonly { readonly wanted: Wanted; readonly images: readonly ImageInputs[] }[];
  readonly failures: readonly Failure[];
  /** Extensions whose metadata was written. */
  readonly metadata: readonly string[];
  /** Metadata that the next run goes on with. */
  readonly postponed: readonly Postponed[];
  /** What its indexes name no more since this run, or what left the store. Absent when there is nothing. */
  readonly retired?: readonly Retired[];
}

/**
 * The whole job: what is asked for and not yet published is created and published, then the metadata of all
 * extensions asked for is brought up to date. One that fails never stops the others. May be killed at any moment
 * and run again.
 */
export async function release(
  asked: readonly VersionRequest[],
  { settings, maxBuilds }: ReleaseOptions,
  context: ReleaseContext,
): Promise<Released> {
  await removeDeadScratch(context.scratch);
  requireServable(context);
  await context.signer?.(); // what cannot be signed is not built either
  const { plan, failures: unresolved } = await checkReleases(asked, context, maxBuilds);
  const failures = [...unresolved];
  const published: Released['published'][number][] = [];
  for (const wanted of plan.build) {
    const result = await buildAndPublish(wanted, settings, context);
    if ('error' in result) failures.push(result);
    else published.push({ wanted, images: result.images });
  }
  const names = [...new Set(asked.map(({ name }) => name))];
  const { written, failures: unwritten, postponed, retired } = await updateMetadata(names, context);
  return {
    plan,
    published,
    failures: [...failures, ...unwritten],
    metadata: written,
    postponed,
    ...(retired === undefined ? {} : { retired }),
  };
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
  context: Target &
    Pick<ReleaseContext, 'recipeBook' | 'retention' | 'keys'> &
    Pick<MetadataContext, 'upstream'> & { readonly ports?: Pick<Ports, 'report'> },
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
  { store, signer, retention }: Pick<Target, 'store' | 'signer'> & Pick<ReleaseContext, 'retention'>,
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

/** Renews what is published and not made anew by this run. */
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

async function buildAndPublish(
  wanted: Wanted,
  settings: ImageSettings,
  context: ReleaseContext,
): Promise<{ readonly images: readonly ImageInputs[] } | Failure> {
  const { name, version } = wanted;
  const { report } = context.ports;
  try {
    const loaded = await context.recipeBook.find(name);
    const arches = recipeArches(loaded.recipe).join(' and ');
    return await report.group(`Build ${name} ${version} for ${arches}`, async () => {
      await using created = await createVersion(loaded, wanted, settings, context);
      for (const { inputs, warnings } of created.images) {
        for (const { url, proved } of inputs.artifacts) {
          report.info(`${url}  proved by ${proved}`);
        }
        for (const { place, message } of warnings) report.warn(`${inputs.file}${place.file}: ${message}`);
      }
      const tried = await tryVersion(created, { loaded, version }, context.gate);
      const changes = await changesSince(tried, context);
      const result = await publishVersion(loaded, tried, context, { changes });
      report.info(
        result === 'published' ? `published ${tagOf(wanted)}` : `${tagOf(wanted)} was published meanwhile`,
      );
      return { images: tried.images.map((image) => image.inputs) };
    });
  } catch (error) {
    const failure = { name, version, error: forReader(error) };
    report.warn(`${tagOf(wanted)} failed: ${failure.error.message}`);
    return failure;
  }
}

/** A bug is no reason to leave the other extensions unbuilt; it is shown as one at the end. */
function forReader(error: unknown): UserError {
  const known = asUserError(error);
  if (known !== undefined) return known;
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new UserError('bug', `this is a bug, please report it: ${said}`, { cause: error });
}
