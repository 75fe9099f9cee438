import { UserError } from '../../diagnostics/user-error.ts';
import { roomFor } from '../../github/rate-budget.ts';
import { isGone, isTaken, statusOf } from '../../github/refusal.ts';
import type { Asset, Deferred, MetadataRelease, Replaced } from '../store.ts';
import { removeDeadContent } from './content-of.ts';
import { textContent } from './content.ts';
import { createIndex } from './create-index.ts';
import { estimateIndex, fits, uploadsWithin } from './estimate.ts';
import type { FoundRelease } from './find-releases.ts';
import { refuseImmutable } from './immutability.ts';
import { mendGaps } from './mend-gaps.ts';
import { isNothing, isSame, planChanges, type Changes } from './plan-changes.ts';
import { isServed, readAsset } from './read-asset.ts';
import { latestRelease, releaseById, type RemoteRelease } from './remote-release.ts';
import { pause, type Remote } from './remote.ts';
import { checkLimits, checkTag } from './rules.ts';
import { writeAssets } from './write-assets.ts';

export type Plan = () => Promise<MetadataRelease | undefined>;
/** GraphQL tells the digests of many releases at once, REST of one also what it takes to write. */
export type Seen = FoundRelease | RemoteRelease;

export interface Ways {
  readonly look: (tag: string) => Promise<Seen | undefined>;
  /** Runs work that writes, when nothing else of this run does. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
}

const maxRounds = 8; // each lost one means that another run got on

/**
 * Looks, asks for the plan, writes, asks again. The look comes before the plan and its asset ids are what
 * is written to, so a change by another run in between makes the write fail instead of undoing it.
 */
export async function replace(remote: Remote, tag: string, plan: Plan, ways: Ways): Promise<Replaced> {
  checkTag(tag);
  // Beside the questions and not before: those of all extensions go out together.
  const [outcome] = await Promise.all([inRounds(remote, tag, plan, ways), removeDeadContent(remote)]);
  return outcome;
}

async function inRounds(remote: Remote, tag: string, plan: Plan, { look, alone }: Ways): Promise<Replaced> {
  let isWritten = false;
  for (let round = 1; round <= maxRounds; round++) {
    const found = await look(tag);
    const seen = found === undefined ? undefined : await alone(() => mendGaps(remote, found));
    const wanted = await plan();
    const outcome = wanted === undefined ? 'unchanged' : await write(remote, tag, seen, wanted, alone);
    if (outcome === 'unchanged') return isWritten ? 'written' : 'unchanged';
    if (outcome !== 'overtaken') {
      if ('files' in outcome) return outcome;
      isWritten = true;
      if (await isSettled(remote, tag, { plan, wanted, names: outcome.names })) return 'written';
    }
    await pause(remote, round); // Who looks by tag sees the last seconds late.
  }
  if (isWritten) {
    remote.report.warn(`release ${tag}: is written, and GitHub does not show all of it yet`);
    return 'written';
  }
  const hint = 'nothing is lost: what they wrote stands; run again when fewer runs write at the same time';
  throw new UserError(
    'store.contended',
    `release ${tag}: other runs were faster ${maxRounds} times in a row`,
    { hint },
  );
}

/** Whether nothing changed since the plan, and readers see what was written. Failing to look undoes nothing. */
async function isSettled(
  remote: Remote,
  tag: string,
  { plan, wanted, names }: { plan: Plan; wanted: MetadataRelease | undefined; names: readonly string[] },
): Promise<boolean> {
  try {
    const again = await plan();
    const isLast = again === undefined || (wanted !== undefined && isSame(again, wanted));
    return isLast && (await isServed(remote, tag, names));
  } catch (error) {
    const isFromOutside = error instanceof UserError || statusOf(error) !== undefined;
    if (!isFromOutside || !(error instanceof Error)) throw error;
    remote.report.warn(`release ${tag}: is written; a second look at it failed: ${error.message}`);
    return true;
  }
}

/** Names of what was written, to be looked at as readers do. */
type Outcome = { readonly names: readonly string[] } | 'unchanged' | 'overtaken' | Deferred;

async function write(
  remote: Remote,
  tag: string,
  seen: Seen | undefined,
  wanted: MetadataRelease,
  alone: Ways['alone'],
): Promise<Outcome> {
  const names = wanted.assets.map(({ name }) => name);
  checkLimits(tag, wanted.notes ?? '', names);
  if (seen === undefined) return alone(() => createIndex(remote, tag, wanted));
  const assets = await withDigests(remote, seen, wanted);
  const isNewest = await isLatest(remote, seen, wanted);
  const changes = planChanges({ ...seen, assets, isLatest: isNewest }, wanted);
  return isNothing(changes) ? 'unchanged' : alone(() => update(remote, seen, wanted, changes));
}

async function update(
  remote: Remote,
  seen: Seen,
  wanted: MetadataRelease,
  changes: Changes,
): Promise<Outcome> {
  refuseImmutable(remote, seen);
  const release = 'uploadUrl' in seen ? seen : await releaseById(remote, seen.id);
  if (release === undefined || release.isDraft || !looksLike(release, seen)) return 'overtaken';
  const cost = estimateIndex(workOf(seen, wanted, changes));
  const room = await roomFor(remote.client, `release ${seen.tag}`, (left) => fits(cost, left));
  const all = changes.put.length;
  const isWhole = fits(cost, room);
  const images = changes.put.filter((asset) => 'from' in asset).length;
  const files = isWhole ? all : Math.min(images, all - 1, uploadsWithin(room));
  try {
    const { written, busy } = await writeAssets(remote, release, { files, changes, wanted });
    if (busy !== undefined) return { files: all - written, until: busy.busy.until };
    return isWhole
      ? { names: changes.put.map(({ name }) => name) }
      : { files: all - written, until: room.until };
  } catch (error) {
    if (isGone(error) || isTaken(error)) return 'overtaken';
    throw error;
  }
}

function workOf(seen: Seen, wanted: MetadataRelease, { put, remove, isTextOld }: Changes) {
  const there = new Set(seen.assets.map(({ name }) => name));
  const replaced = put.filter(({ name }) => there.has(name)).length;
  const added = put.length - replaced;
  return { isNew: false, isNewest: wanted.newest, added, replaced, removed: remove.length, isTextOld };
}

async function isLatest(remote: Remote, seen: Seen, wanted: MetadataRelease): Promise<boolean | undefined> {
  if (!wanted.newest || 'isLatest' in seen) return 'isLatest' in seen ? seen.isLatest : undefined;
  return (await latestRelease(remote))?.id === seen.id;
}

/** Adds the digests of texts that GitHub did not compute one for. */
async function withDigests(remote: Remote, seen: Seen, wanted: MetadataRelease): Promise<readonly Asset[]> {
  const texts = new Map(wanted.assets.map((asset) => [asset.name, 'text' in asset ? asset.text : undefined]));
  const assets = seen.assets.map(async ({ name, size, sha256 }): Promise<Asset> => {
    const text = texts.get(name);
    const mayBeSame = sha256 === undefined && text !== undefined && Buffer.byteLength(text) === size;
    const there = mayBeSame ? await readAsset(remote, seen.tag, name) : undefined;
    return { name, size, sha256: there === undefined ? sha256 : textContent(name, there).sha256 };
  });
  return Promise.all(assets);
}

/** Whether nothing was written between the two looks. */
function looksLike(release: RemoteRelease, seen: FoundRelease): boolean {
  const known = new Map(seen.assets.map((asset) => [asset.name, asset]));
  const isKnown = release.assets.every(({ name, size, sha256 }) => {
    const asset = known.get(name);
    return asset !== undefined && asset.size === size && asset.sha256 === sha256;
  });
  return isKnown && release.assets.length === seen.assets.length;
}
