import { isGone } from '../../github/refusal.ts';
import { toAsset, type RemoteAsset } from './assets.ts';
import { sentOnce, type Remote } from './remote.ts';

/** A release as REST shows it. */
export interface RemoteRelease {
  readonly id: number;
  readonly tag: string;
  readonly title: string;
  readonly notes: string;
  readonly isDraft: boolean;
  /** Its assets and its tag can never change again. */
  readonly isImmutable: boolean;
  /** Milliseconds since 1970; 0 for drafts. */
  readonly publishedAt: number;
  readonly uploadUrl: string;
  readonly assets: readonly RemoteAsset[];
}

type ReleaseJson = Awaited<ReturnType<Remote['client']['octokit']['rest']['repos']['getRelease']>>['data'];

/** The published release of a tag: drafts are invisible by tag. May be behind by seconds. */
export async function releaseByTag(remote: Remote, tag: string): Promise<RemoteRelease | undefined> {
  const { owner, repo, client } = remote;
  const release = await found(client.octokit.rest.repos.getReleaseByTag({ owner, repo, tag }));
  return release?.isDraft === true ? undefined : release;
}

export async function releaseById(remote: Remote, id: number): Promise<RemoteRelease | undefined> {
  const { owner, repo, client } = remote;
  return found(client.octokit.rest.repos.getRelease({ owner, repo, release_id: id }));
}

export async function latestRelease(remote: Remote): Promise<RemoteRelease | undefined> {
  const { owner, repo, client } = remote;
  return found(client.octokit.rest.repos.getLatestRelease({ owner, repo }));
}

/** The newest releases, at most 100, drafts among them. */
export async function newestReleases(remote: Remote): Promise<readonly RemoteRelease[]> {
  const { owner, repo, client } = remote;
  const { data } = await client.octokit.rest.repos.listReleases({ owner, repo, per_page: 100 });
  return data.map(toRelease);
}

export interface ReleaseText {
  readonly tag: string;
  readonly title: string;
  readonly notes: string;
}

export async function createDraft(remote: Remote, text: ReleaseText): Promise<RemoteRelease> {
  const { owner, repo, client } = remote;
  const { tag, title, notes } = text;
  const { data } = await client.octokit.rest.repos.createRelease({
    owner,
    repo,
    tag_name: tag,
    name: title,
    body: notes,
    draft: true,
    make_latest: 'false',
    ...sentOnce,
  });
  return toRelease(data);
}

/** Without `make_latest` GitHub shows whatever was touched as the latest release. */
export interface Change extends ReleaseText {
  readonly newest: boolean;
}

/** Publishes a draft, or changes the texts of a published release. Sending it twice does no harm. */
export async function changeRelease(remote: Remote, id: number, change: Change): Promise<RemoteRelease> {
  const { owner, repo, client } = remote;
  const { data } = await client.octokit.rest.repos.updateRelease({
    owner,
    repo,
    release_id: id,
    tag_name: change.tag,
    name: change.title,
    body: change.notes,
    draft: false,
    make_latest: change.newest ? 'true' : 'false',
  });
  return toRelease(data);
}

/** Also succeeds when there is none. Never call it for a published version that an index names. */
export async function deleteRelease(remote: Remote, id: number): Promise<void> {
  const { owner, repo, client } = remote;
  try {
    await client.octokit.rest.repos.deleteRelease({ owner, repo, release_id: id });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

export async function deleteTag(remote: Remote, tag: string): Promise<void> {
  const { owner, repo, client } = remote;
  await client.octokit.rest.git.deleteRef({ owner, repo, ref: `tags/${tag}` });
}

async function found(answer: Promise<{ readonly data: ReleaseJson }>): Promise<RemoteRelease | undefined> {
  try {
    return toRelease((await answer).data);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

export function toRelease(json: ReleaseJson): RemoteRelease {
  return {
    id: json.id,
    tag: json.tag_name,
    title: json.name ?? '',
    notes: json.body ?? '',
    isDraft: json.draft,
    isImmutable: json.immutable === true,
    publishedAt: Date.parse(json.published_at ?? '') || 0,
    uploadUrl: json.upload_url.replace(/\{.*$/, ''),
    assets: json.assets.map(toAsset),
  };
}
