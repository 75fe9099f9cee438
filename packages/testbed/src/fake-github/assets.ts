import { z } from 'zod';
import { failed, invalid, noContent, notFound, ok, redirect, type Answer } from './answer.ts';
import { storedName } from './asset-name.ts';
import type { RepoCall } from './call.ts';
import { paginated } from './pagination.ts';
import { assetJson } from './release-json.ts';
import { visibleRelease } from './releases.ts';
import { findAsset, type Asset, type Release } from './state.ts';

const Fields = z.object({ name: z.string().optional(), label: z.string().optional() });

export function listAssets(call: RepoCall): Answer {
  const release = visibleRelease(call);
  if (release === undefined) {
    return notFound;
  }
  return paginated(call, release.assets, (asset) => assetJson(call.world.urls, call.repo, release, asset));
}

/** JSON, or for `Accept: application/octet-stream` the way to the bytes. */
export function getAsset(call: RepoCall): Answer {
  const found = visibleAsset(call);
  if (found === undefined) {
    return notFound;
  }
  const { release, asset } = found;
  if (call.headers.accept?.includes('application/octet-stream') !== true) {
    return ok(assetJson(call.world.urls, call.repo, release, asset));
  }
  return asset.state === 'uploaded' ? redirect(storageUrl(call, asset)) : notFound;
}

export function updateAsset(call: RepoCall): Answer {
  const found = visibleAsset(call);
  if (found === undefined) {
    return notFound;
  }
  const { release, asset } = found;
  if (release.immutable) {
    return failed(422, 'Cannot modify assets of an immutable release.');
  }
  const fields = Fields.parse(call.body ?? {});
  const name = storedName(fields.name ?? asset.name);
  if (release.assets.some((other) => other !== asset && other.name === name)) {
    return nameTaken;
  }
  Object.assign(asset, { name, label: fields.label ?? asset.label, updatedAt: call.world.clock() });
  return ok(assetJson(call.world.urls, call.repo, release, asset));
}

export function deleteAsset(call: RepoCall): Answer {
  const found = visibleAsset(call);
  if (found === undefined) {
    return notFound;
  }
  const { release, asset } = found;
  if (release.immutable) {
    return failed(422, 'Cannot delete assets from an immutable release.');
  }
  release.assets.splice(release.assets.indexOf(asset), 1);
  return noContent;
}

export const nameTaken: Answer = invalid({ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' });

/** Where the bytes are, on the host that needs no token. */
export function storageUrl(call: Pick<RepoCall, 'world' | 'repo'>, asset: Asset): string {
  return `${call.world.urls.serverUrl}/storage/${call.repo.fullName}/${asset.id}`;
}

function visibleAsset(call: RepoCall): { readonly release: Release; readonly asset: Asset } | undefined {
  const found = findAsset(call.repo, Number(call.params['asset_id']));
  return found?.release.draft === true && !call.canPush ? undefined : found;
}
