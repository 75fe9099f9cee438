import { isGone, isTaken } from '../../github/refusal.ts';
import type { MetadataRelease } from '../store.ts';
import { deleteAsset, deleteLeftover, renameAsset, type RemoteAsset } from './assets.ts';
import { holds, type Content } from './content.ts';
import type { Changes } from './plan-changes.ts';
import { changeRelease, type RemoteRelease } from './remote-release.ts';
import type { Remote } from './remote.ts';
import { finalName, newName, newNameBeside, oldName, replacedName, swapId } from './swap-names.ts';
import { uploadAsset } from './upload-asset.ts';

export interface Swap {
  /** In the order in which readers may see them. */
  readonly contents: readonly Content[];
  readonly changes: Changes;
  readonly wanted: MetadataRelease;
}

/**
 * Changes the assets of a public release. GitHub can neither replace an asset nor exchange two, so each is
 * uploaded beside, the old one renamed away and the new one renamed into its place: between those two
 * requests, and only then, the name is missing, and the old bytes are there until the end. Rejects with
 * 404 or 422 where another run was faster.
 */
export async function swapAssets(remote: Remote, release: RemoteRelease, swap: Swap): Promise<void> {
  const { contents, changes, wanted } = swap;
  const id = swapId(remote.random);
  const names = new Set(wanted.assets.map(({ name }) => name));
  const assets = await closeGaps(remote, release.assets, names);
  const current = new Map(assets.map((asset) => [asset.name, asset]));
  const uploads: Upload[] = [];
  const replaced: number[] = [];
  try {
    for (const content of contents) {
      const old = current.get(content.name);
      if (old !== undefined && old.sha256 !== undefined && holds(old, content)) continue;
      const ready = assets.find((asset) => isReady(asset, content));
      const renamed = { ...content, name: newName(content.name, id) };
      const asset = ready ?? (await uploadAsset(remote, release, renamed));
      uploads.push({ name: content.name, id: asset.id, old });
    }
    for (const upload of uploads) {
      if (upload.old !== undefined) {
        await renameAsset(remote, upload.old.id, oldName(upload.name, id));
        replaced.push(upload.old.id);
      }
      await renameAsset(remote, upload.id, upload.name);
    }
  } catch (error) {
    // What another run made useless; after any other failure it is what the next run repairs with.
    if (isGone(error) || isTaken(error)) {
      for (const upload of uploads) await deleteLeftover(remote, upload.id);
    }
    throw error;
  }
  if (changes.isTextOld) await changeRelease(remote, release.id, { tag: release.tag, ...wanted });
  const removable = assets.filter(({ name }) => changes.remove.includes(name));
  for (const replacedId of replaced) await deleteAsset(remote, replacedId);
  for (const asset of removable) {
    const isLeftover = finalName(asset.name) !== undefined;
    await (isLeftover ? deleteLeftover(remote, asset.id) : deleteAsset(remote, asset.id));
  }
}

interface Upload {
  readonly name: string;
  readonly id: number;
  /** What has the name until then. */
  readonly old: RemoteAsset | undefined;
}

/** Finishes or takes back the exchange a killed run was in the middle of; the assets as they are then. */
async function closeGaps(
  remote: Remote,
  assets: readonly RemoteAsset[],
  names: ReadonlySet<string>,
): Promise<readonly RemoteAsset[]> {
  const present = new Set(assets.map(({ name }) => name));
  const closed = new Map<number, string>();
  for (const old of assets) {
    const name = replacedName(old.name);
    if (name === undefined || !names.has(name) || present.has(name)) continue;
    const next = assets.find((asset) => asset.name === newNameBeside(old.name) && asset.state === 'uploaded');
    const chosen = next ?? old;
    await renameAsset(remote, chosen.id, name);
    present.add(name);
    closed.set(chosen.id, name);
  }
  return assets.map((asset) => ({ ...asset, name: closed.get(asset.id) ?? asset.name }));
}

/** Whether a killed run uploaded these very bytes already. */
function isReady(asset: RemoteAsset, content: Content): boolean {
  return finalName(asset.name) === content.name && asset.sha256 !== undefined && holds(asset, content);
}
