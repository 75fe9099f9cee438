import { z } from 'zod';
import { isGone } from '../../github/refusal.ts';
import type { Asset } from '../store.ts';
import type { Remote } from './remote.ts';
import { finalName } from './swap-names.ts';

/** An asset as REST shows it: also those that are not complete. */
export interface RemoteAsset extends Asset {
  readonly id: number;
  /** `starter` until the last byte has arrived, and for ever when it never does. */
  readonly state: string;
}

export const AssetJson = z.object({
  id: z.number(),
  name: z.string(),
  size: z.number(),
  state: z.string(),
  digest: z.string().nullish(),
});

export function toAsset({ id, name, size, state, digest }: z.infer<typeof AssetJson>): RemoteAsset {
  return { id, name, size, state, sha256: sha256Of(digest) };
}

/** GitHub computes digests since June 2025; older assets and older Enterprise Servers have none. */
export function sha256Of(digest: string | null | undefined): string | undefined {
  return /^sha256:([0-9a-f]{64})$/.exec(digest ?? '')?.[1];
}

export async function listAssets(remote: Remote, releaseId: number): Promise<readonly RemoteAsset[]> {
  const { owner, repo, client } = remote;
  const { octokit } = client;
  const page = { owner, repo, release_id: releaseId, per_page: 100 };
  return (await octokit.paginate(octokit.rest.repos.listReleaseAssets, page)).map(toAsset);
}

/** An urgent one goes out at once and is sent once: another file is out of its place meanwhile. */
export async function renameAsset(remote: Remote, id: number, name: string, isUrgent = false): Promise<void> {
  const { owner, repo, client } = remote;
  const request = isUrgent ? { isUrgent, retries: 0 } : {};
  await client.octokit.rest.repos.updateReleaseAsset({ owner, repo, asset_id: id, name, request });
}

/** Also succeeds when there is none. */
export async function deleteAsset(remote: Remote, id: number): Promise<void> {
  const { owner, repo, client } = remote;
  try {
    await client.octokit.rest.repos.deleteReleaseAsset({ owner, repo, asset_id: id });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/**
 * Removes a leftover unless it has become the real thing: the run that uploaded it may be alive after all,
 * and GitHub cannot delete on a condition. What slips through between, that run sees when it looks at what
 * is served.
 */
export async function deleteLeftover(remote: Remote, id: number): Promise<void> {
  const { owner, repo, client } = remote;
  try {
    const { data } = await client.octokit.rest.repos.getReleaseAsset({ owner, repo, asset_id: id });
    if (finalName(data.name) !== undefined) await deleteAsset(remote, id);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
