import { UserError } from '../../diagnostics/user-error.ts';
import { requireBudget } from '../../github/rate-budget.ts';
import { isGone, isTaken } from '../../github/refusal.ts';
import type { Asset, MetadataAsset, MetadataRelease } from '../store.ts';
import { contentOf, removeDeadContent } from './content-of.ts';
import { textContent, type Content } from './content.ts';
import type { FoundRelease } from './find-releases.ts';
import { refuseImmutable, refuseImmutableSetting } from './immutability.ts';
import { inOrder, isNothing, isSame, planChanges, type Changes } from './plan-changes.ts';
import { publishDraft, removeDrafts } from './publish-draft.ts';
import { isServed, readAsset } from './read-asset.ts';
import { latestRelease, releaseById, type RemoteRelease } from './remote-release.ts';
import { pause, type Remote } from './remote.ts';
import { checkRelease, checkSizes, checkTag } from './rules.ts';
import { swapAssets } from './swap-assets.ts';

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
export async function replace(
  remote: Remote,
  tag: string,
  plan: Plan,
  ways: Ways,
): Promise<'written' | 'unchanged'> {
  checkTag(tag);
  // Beside the questions and not before: those of all extensions go out together.
  const [outcome] = await Promise.all([inRounds(remote, tag, plan, ways), removeDeadContent(remote)]);
  return outcome;
}

async function inRounds(
  remote: Remote,
  tag: string,
  plan: Plan,
  { look, alone }: Ways,
): Promise<'written' | 'unchanged'> {
  let written: MetadataRelease | undefined;
  for (let round = 1; round <= maxRounds; round++) {
    const seen = await look(tag);
    const wanted = await plan();
    const outcome = wanted === undefined ? 'unchanged' : await write(remote, tag, seen, wanted, alone);
    if (outcome === 'unchanged') return written === undefined ? 'unchanged' : 'written';
    if (outcome === 'written') {
      written = wanted;
      const again = await plan();
      const names = wanted?.assets.map(({ name }) => name) ?? [];
      const isLast = again === undefined || (wanted !== undefined && isSame(again, wanted));
      if (isLast && (await isServed(remote, tag, names))) return 'written';
    }
    await pause(remote, round); // Who looks by tag sees the last seconds late.
  }
  const hint = 'run again when fewer runs write at the same time';
  throw new UserError(`release ${tag}: other runs changed it ${maxRounds} times in a row`, { hint });
}

type Outcome = 'written' | 'unchanged' | 'overtaken';

async function write(
  remote: Remote,
  tag: string,
  seen: Seen | undefined,
  wanted: MetadataRelease,
  alone: Ways['alone'],
): Promise<Outcome> {
  if (seen === undefined) return alone(() => create(remote, tag, wanted));
  const assets = await withDigests(remote, seen, wanted);
  const isNewest = await isLatest(remote, seen, wanted);
  const changes = planChanges({ ...seen, assets, isLatest: isNewest }, wanted);
  return isNothing(changes) ? 'unchanged' : alone(() => update(remote, seen, wanted, changes));
}

async function create(remote: Remote, tag: string, wanted: MetadataRelease): Promise<Outcome> {
  const { title, notes, newest } = wanted;
  await refuseImmutableSetting(remote, tag);
  await using contents = await open(remote, tag, wanted, wanted.assets);
  const published = await publishDraft(remote, { tag, title, notes, newest }, contents.list);
  await removeDrafts(remote, tag);
  if (published === 'exists') return 'overtaken';
  refuseImmutable(remote, published);
  return 'written';
}

async function update(
  remote: Remote,
  seen: Seen,
  wanted: MetadataRelease,
  changes: Changes,
): Promise<Outcome> {
  const { tag } = seen;
  refuseImmutable(remote, seen);
  await using contents = await open(remote, tag, wanted, changes.put);
  const release = 'uploadUrl' in seen ? seen : await releaseById(remote, seen.id);
  if (release === undefined || release.isDraft || !looksLike(release, seen)) return 'overtaken';
  try {
    await swapAssets(remote, release, { contents: contents.list, changes, wanted });
    return 'written';
  } catch (error) {
    if (isGone(error) || isTaken(error)) return 'overtaken';
    throw error;
  }
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

interface Opened extends AsyncDisposable {
  readonly list: readonly Content[];
}

const requestsPerAsset = 5; // an upload counts as two, two renames, a deletion
const requestsAround = 10;

async function open(
  remote: Remote,
  tag: string,
  wanted: MetadataRelease,
  assets: readonly MetadataAsset[],
): Promise<Opened> {
  checkRelease(
    tag,
    wanted.notes,
    wanted.assets.map(({ name }) => name),
  );
  const requests = assets.length * requestsPerAsset + requestsAround;
  await requireBudget(remote.client, requests, `release ${tag}`);
  const contents = await contentOf(remote, inOrder(assets));
  try {
    checkSizes(tag, contents.list);
    return contents;
  } catch (error) {
    await contents[Symbol.asyncDispose]();
    throw error;
  }
}
