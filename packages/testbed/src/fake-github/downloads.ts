import { ok, notFound, redirect, type Answer } from './answer.ts';
import { storageUrl } from './assets.ts';
import type { RepoCall } from './call.ts';
import { latestRelease } from './publish.ts';
import { findAsset, publishedRelease } from './state.ts';

/** `/OWNER/REPO/releases/download/TAG/NAME`: a redirect to where the bytes are. */
export function download(call: RepoCall): Answer {
  const release = publishedRelease(call.repo, call.params['tag'] ?? '');
  const asset = release?.assets.find(
    (candidate) => candidate.name === call.params['name'] && candidate.state === 'uploaded',
  );
  return asset === undefined ? notFound : redirect(storageUrl(call, asset));
}

/** `/OWNER/REPO/releases/latest/download/NAME`: a redirect to that file of the latest release. */
export function downloadLatest(call: RepoCall): Answer {
  const release = latestRelease(call.repo);
  const name = encodeURIComponent(call.params['name'] ?? '');
  return release === undefined
    ? notFound
    : redirect(
        `${call.world.urls.serverUrl}/${call.repo.fullName}/releases/download/${encodeURI(release.tag)}/${name}`,
      );
}

/** The bytes themselves. */
export function storage(call: RepoCall): Answer {
  const asset = findAsset(call.repo, Number(call.params['asset_id']))?.asset;
  if (asset === undefined || asset.state !== 'uploaded') {
    return notFound;
  }
  asset.downloads += 1;
  const headers = {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename=${asset.name}`,
  };
  return { ...ok(undefined, headers), bytes: asset.bytes };
}
