import { roomFor } from '../../github/rate-budget.ts';
import type { Deferred, MetadataAsset, MetadataRelease } from '../store.ts';
import { contentOf } from './content-of.ts';
import { estimateIndex, fits, newIndex, uploadsWithin } from './estimate.ts';
import { refuseImmutable, refuseImmutableSetting } from './immutability.ts';
import { inOrder } from './plan-changes.ts';
import { publishDraft, tidyUp } from './publish-draft.ts';
import type { RemoteRelease } from './remote-release.ts';
import type { Remote } from './remote.ts';
import { checkSizes } from './rules.ts';
import { survey } from './survey.ts';
import { uploadAsset } from './upload-asset.ts';

/**
 * Makes a metadata release with all its files at once. Where those are more than GitHub takes for now, it begins with
 * as many images and without a manifest, which hosts take for no index at all.
 */
export async function createIndex(
  remote: Remote,
  tag: string,
  wanted: MetadataRelease,
): Promise<{ readonly names: readonly string[] } | 'overtaken' | Deferred> {
  const { title = tag, notes = '', newest, assets } = wanted;
  await refuseImmutableSetting(remote, tag);
  const cost = estimateIndex({ ...newIndex, isNewest: newest, added: assets.length });
  const room = await roomFor(remote.client, `release ${tag}`, (left) => fits(cost, left));
  const isWhole = fits(cost, room);
  const images = assets.filter((asset) => 'from' in asset);
  const put = isWhole ? inOrder(assets) : images.slice(0, uploadsWithin(room));
  if (put.length === 0) return { files: assets.length, until: room.until };
  const { isPublished, drafts } = await survey(remote, tag);
  if (isPublished) {
    await tidyUp(remote, tag, drafts);
    return 'overtaken';
  }
  const upload = (draft: RemoteRelease): Promise<void> => uploadAll(remote, draft, put);
  const published = await publishDraft(remote, { tag, title, notes, newest }, upload, drafts);
  if (published === 'exists') return 'overtaken';
  refuseImmutable(remote, published);
  return isWhole
    ? { names: put.map(({ name }) => name) }
    : { files: assets.length - put.length, until: room.until };
}

async function uploadAll(
  remote: Remote,
  draft: RemoteRelease,
  assets: readonly MetadataAsset[],
): Promise<void> {
  for (const asset of assets) {
    // One at a time: all images of an extension may be more than the disk holds.
    await using contents = await contentOf(remote, [asset]);
    checkSizes(draft.tag, contents.list);
    for (const content of contents.list) await uploadAsset(remote, draft, content);
  }
}
