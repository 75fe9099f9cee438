import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { created, failed, invalid, notFound, type Answer } from './answer.ts';
import { storedName } from './asset-name.ts';
import { nameTaken } from './assets.ts';
import type { UploadCall } from './call.ts';
import { assetJson } from './release-json.ts';
import { visibleRelease } from './releases.ts';
import { takeId, type Asset, type Release } from './state.ts';

/**
 * Takes the body as a new asset. It is listed as `starter` from the first byte on and stays that when the
 * body never ends: "This may leave an empty asset with a state of `starter`. It can be safely deleted."
 */
export async function uploadAsset(call: UploadCall): Promise<Answer> {
  const release = visibleRelease(call);
  if (release === undefined) {
    return notFound;
  }
  const name = storedName(call.query.get('name') ?? '');
  const refused = refusal(call, release, name);
  if (refused !== undefined) {
    return refused;
  }
  const asset = starter(call, name);
  release.assets.push(asset);
  const path = join(call.world.folder, String(asset.id));
  const { size, sha256 } = await receive(call, path);
  if (!release.assets.includes(asset)) {
    // Somebody took the `starter` for a leftover and deleted it meanwhile.
    await rm(path, { force: true });
    return notFound;
  }
  Object.assign(asset, {
    size,
    digest: `sha256:${sha256}`,
    bytes: { kind: 'file', path },
    state: 'uploaded',
    updatedAt: call.world.clock(),
  });
  const json = assetJson(call.world.urls, call.repo, release, asset);
  return created(json, `${call.world.urls.apiUrl}/repos/${call.repo.fullName}/releases/assets/${asset.id}`);
}

function refusal(call: UploadCall, release: Release, name: string): Answer | undefined {
  const { sizes } = call.world;
  const length = Number(call.headers['content-length'] ?? Number.NaN);
  if (Number.isNaN(length)) {
    return failed(400, 'Bad Content-Length');
  }
  if (release.immutable) {
    return failed(422, 'Cannot upload assets to an immutable release.');
  }
  if (length < 1) {
    return wrong('size', 'size must be greater than or equal to 1');
  }
  if (length > sizes.asset) {
    return wrong('size', `size must be less than ${sizes.asset + 1}`);
  }
  if (release.assets.some((asset) => asset.name === name)) {
    return nameTaken;
  }
  if (release.assets.length >= sizes.assetsPerRelease) {
    return wrong('file_count', `file_count limited to ${sizes.assetsPerRelease} assets per release`);
  }
  return undefined;
}

function starter(call: UploadCall, name: string): Asset {
  const now = call.world.clock();
  return {
    id: takeId(call.world.state),
    name,
    label: call.query.get('label'),
    state: 'starter',
    contentType: call.headers['content-type'] ?? 'application/octet-stream',
    size: 0,
    digest: null,
    bytes: { kind: 'none' },
    downloads: 0,
    createdAt: now,
    updatedAt: now,
  };
}

function wrong(field: string, message: string): Answer {
  return invalid({ resource: 'ReleaseAsset', code: 'custom', field, message });
}

async function receive(call: UploadCall, path: string): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  await using file = await open(path, 'w');
  // The request stays open when the loop ends early, for an error answer in mid-upload.
  for await (const chunk of call.request.iterator({ destroyOnReturn: false })) {
    const bytes = z.instanceof(Buffer).parse(chunk);
    if (size === 0) {
      await call.underway();
    }
    hash.update(bytes);
    size += bytes.length;
    await file.write(bytes);
  }
  return { size, sha256: hash.digest('hex') };
}
