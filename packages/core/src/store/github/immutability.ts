import { UserError } from '../../diagnostics/user-error.ts';
import { statusOf } from '../../github/refusal.ts';
import {
  changeRelease,
  createDraft,
  deleteRelease,
  deleteTag,
  newestReleases,
  type RemoteRelease,
} from './remote-release.ts';
import type { Remote } from './remote.ts';
import type { PublishedLast } from './survey.ts';
import { swapId } from './swap-names.ts';

/**
 * Immutable releases suit versions, but an index must change, and the tag of an immutable release that was
 * deleted can never be used again: so this is found out before one is made.
 * https://docs.github.com/code-security/supply-chain-security/understanding-your-software-supply-chain/immutable-releases
 */
export async function refuseImmutableSetting(remote: Remote, tag: string): Promise<void> {
  if (await isImmutableNow(remote)) throw refusal(remote, tag);
}

export function refuseImmutable(
  remote: Remote,
  release: { readonly tag: string; readonly isImmutable: boolean },
): void {
  if (release.isImmutable) throw refusal(remote, release.tag);
}

const fresh = 3_600_000; // milliseconds; those the jobs before made say how it is now

/**
 * Whether what is published now could ever be changed. Only administrators may read the setting, and no GITHUB_TOKEN
 * is one. A release published a moment ago tells, one of last week may be older than the setting, and one that is
 * immutable may be from before somebody turned it off: then a release is made to see, and removed.
 */
async function isImmutableNow(remote: Remote): Promise<boolean> {
  if (await isSettingOn(remote)) return true;
  const releases = await newestReleases(remote);
  await removeKilledProbes(remote, releases);
  const published = releases.filter((release) => !release.isDraft);
  const newest = published.toSorted((a, b) => b.publishedAt - a.publishedAt)[0];
  return isChangeableNow(remote, newest) ? false : probe(remote);
}

/** Whether what was published last tells that what is published now can be changed later. */
export function isChangeableNow({ client }: Remote, newest: PublishedLast | undefined): boolean {
  return newest !== undefined && !newest.isImmutable && newest.publishedAt > client.now() - fresh;
}

/** As administrators see it; off to everybody else. */
export async function isSettingOn(remote: Remote): Promise<boolean> {
  const { owner, repo, client } = remote;
  try {
    const route = 'GET /repos/{owner}/{repo}/immutable-releases';
    const { data } = await client.octokit.request(route, { owner, repo });
    return data.enabled;
  } catch (error) {
    if (![403, 404].includes(statusOf(error) ?? 0)) throw error;
    return false;
  }
}

/** Of the form that no extension and no version has; nobody misses the name of an immutable one. */
const probeName = 'bakery.probe.';

async function probe(remote: Remote): Promise<boolean> {
  const tag = `${probeName}${remote.client.now()}.${swapId(remote.random)}`;
  const text = { tag, title: tag, notes: 'Made to see whether releases are immutable, and removed at once.' };
  const draft = await createDraft(remote, text);
  let release: RemoteRelease = draft;
  try {
    release = await changeRelease(remote, draft.id, { ...text, newest: false });
    return release.isImmutable;
  } finally {
    await deleteRelease(remote, draft.id);
    if (!release.isImmutable) await deleteTag(remote, tag);
  }
}

const probing = 600_000; // milliseconds; one that takes longer was killed

/** What a run left that was killed while it looked. */
async function removeKilledProbes(remote: Remote, releases: readonly RemoteRelease[]): Promise<void> {
  for (const { id, tag, isDraft, isImmutable } of releases.filter((one) => one.tag.startsWith(probeName))) {
    const began = Number(/^\d+(?=\.)/.exec(tag.slice(probeName.length))?.[0] ?? 0);
    if (began > remote.client.now() - probing) continue;
    await deleteRelease(remote, id);
    if (!isDraft && !isImmutable) await deleteTag(remote, tag);
    remote.report.info(`release ${tag}: left behind by an interrupted run; removed`);
  }
}

function refusal({ owner, repo }: Remote, tag: string): UserError {
  const hint =
    'turn off "immutable releases" in the settings of the repository; once its indexes are there it may be on again, since older releases stay changeable';
  return new UserError(
    'store.immutable',
    `${owner}/${repo}: expected release ${tag}, an index, to be changeable, got immutable releases`,
    { hint },
  );
}
