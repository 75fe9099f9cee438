import { UserError } from '../../diagnostics/user-error.ts';
import { isGone, isTaken, isUncertain } from '../../github/refusal.ts';
import { AssetJson, deleteAsset, listAssets, toAsset, type RemoteAsset } from './assets.ts';
import { holds, type Content } from './content.ts';
import { pause, sentOnce, type Remote } from './remote.ts';

const maxAttempts = 5;

/**
 * Uploads one asset. After a failure only a look at the release tells what arrived: nothing, a `starter` that blocks
 * the name for ever, or all of it. Rejects with status 404 when the release is gone. `isShared` says that other runs
 * may use the name too: what they put there whole is theirs, and the upload rejects with 422.
 */
export async function uploadAsset(
  remote: Remote,
  release: UploadTarget,
  content: Content,
  isShared = false,
): Promise<RemoteAsset> {
  for (let attempt = 1; ; attempt++) {
    const { asset, error } = await tryUpload(remote, release, content);
    if (asset !== undefined && asset.name === content.name && holds(asset, content)) return asset;
    const there = (await listAssets(remote, release.id)).find(
      ({ id, name }) => name === content.name || id === asset?.id,
    );
    if (there?.name === content.name && holds(there, content)) return there;
    if (isShared && there?.state === 'uploaded' && isTaken(error)) throw error;
    if (there !== undefined) await deleteAsset(remote, there.id);
    if (attempt === maxAttempts) throw error ?? notAsSent(content);
    remote.report.info(`${content.name}: upload failed, trying again`);
    await pause(remote, attempt);
  }
}

/** A release as its own answer describes it. */
export interface UploadTarget {
  readonly id: number;
  /** Without the template of its parameters. */
  readonly uploadUrl: string;
}

interface Attempt {
  readonly asset?: RemoteAsset;
  readonly error?: unknown;
}

async function tryUpload(remote: Remote, release: UploadTarget, content: Content): Promise<Attempt> {
  try {
    return { asset: await send(remote, release, content) };
  } catch (error) {
    // A `starter` that was deleted by somebody who took it for a leftover ends in a 404 as well.
    if (isUncertain(error) || isTaken(error) || isGone(error)) return { error };
    throw error;
  }
}

async function send(remote: Remote, release: UploadTarget, content: Content): Promise<RemoteAsset> {
  const url = new URL(release.uploadUrl);
  url.searchParams.set('name', content.name); // as %2B: a bare `+` would arrive as a space and become a dot
  const response = await remote.client.octokit.request(`POST ${url.href}`, {
    ...sentOnce,
    headers: { 'content-type': 'application/octet-stream' },
    data: await content.open(),
  });
  return toAsset(AssetJson.parse(response.data));
}

function notAsSent({ name, size, sha256 }: Content): UserError {
  const hint = 'what GitHub received differs each time; look at the network between';
  return new UserError(
    'store.damaged',
    `${name}: expected GitHub to keep ${size} bytes with SHA-256 ${sha256}, got others`,
    {
      hint,
    },
  );
}
