import { GithubBusy } from '../../github/busy.ts';
import { isGone, isTaken } from '../../github/refusal.ts';
import { manifestName } from '../../names/manifest-name.ts';
import type { MetadataAsset, MetadataRelease } from '../store.ts';
import { deleteAsset, deleteLeftover, type RemoteAsset } from './assets.ts';
import { contentOf } from './content-of.ts';
import { holds, type Content } from './content.ts';
import type { Changes } from './plan-changes.ts';
import { changeRelease, type RemoteRelease } from './remote-release.ts';
import type { Remote } from './remote.ts';
import { checkSizes } from './rules.ts';
import { swapInOrder, type Waiting } from './swap-in-order.ts';
import { finalName, newName, swapId } from './swap-names.ts';
import { uploadAsset } from './upload-asset.ts';

export interface Writing {
  /** How many of `changes.put`, from the first, before GitHub wants no more. */
  readonly files: number;
  readonly changes: Changes;
  readonly wanted: MetadataRelease;
}

/**
 * Changes the assets of a public release, each step of which leaves an index that names only what is there. A file
 * nobody has seen yet is uploaded under its name, an image before the manifest that names it; what hosts read already
 * is uploaded beside and swapped. Removals come last. Rejects with 404 or 422 where another run was faster.
 */
export async function writeAssets(
  remote: Remote,
  release: RemoteRelease,
  { files, changes, wanted }: Writing,
): Promise<{ readonly written: number; readonly busy?: GithubBusy }> {
  const id = swapId(remote.random);
  const replaced: number[] = [];
  let written = 0;
  try {
    for (const group of groupsOf(changes.put)) {
      if (written + group.length > files) return { written };
      for (const one of await writeGroup(remote, release, id, group)) replaced.push(one);
      written += group.length;
    }
    if (changes.isTextOld) await changeRelease(remote, release.id, { ...release, ...wanted });
    for (const replacedId of replaced) await deleteAsset(remote, replacedId);
    for (const asset of release.assets.filter(({ name }) => changes.remove.includes(name))) {
      const isLeftover = finalName(asset.name) !== undefined;
      await (isLeftover ? deleteLeftover(remote, asset.id) : deleteAsset(remote, asset.id));
    }
    return { written };
  } catch (error) {
    if (error instanceof GithubBusy) return { written, busy: error };
    throw error;
  }
}

/** Each file alone, but a manifest with what signs it. */
function groupsOf(put: readonly MetadataAsset[]): readonly (readonly MetadataAsset[])[] {
  const [start, end] = [put.findIndex(isManifest), put.findLastIndex(isManifest) + 1];
  const alone = put.map((asset) => [asset]);
  return start < 0 ? alone : [...alone.slice(0, start), put.slice(start, end), ...alone.slice(end)];
}

function isManifest({ name }: MetadataAsset): boolean {
  return name.startsWith(manifestName);
}

/** Ids of what was replaced, and is in the way of nobody now. */
async function writeGroup(
  remote: Remote,
  release: RemoteRelease,
  id: string,
  group: readonly MetadataAsset[],
): Promise<readonly number[]> {
  const waiting: Waiting[] = [];
  try {
    for (const asset of group) {
      await using contents = await contentOf(remote, [asset]);
      checkSizes(release.tag, contents.list);
      for (const content of contents.list) {
        const file = await place(remote, release, content, { id, isAlone: group.length === 1 });
        if (file !== undefined) waiting.push(file);
      }
    }
    await swapInOrder(remote, id, waiting);
    return waiting.flatMap(({ old }) => old ?? []);
  } catch (error) {
    // What another run made useless; after any other failure it is what the next run goes on with.
    if (isGone(error) || isTaken(error)) {
      for (const file of waiting) await deleteLeftover(remote, file.id);
    }
    throw error;
  }
}

/** Uploads a file under its name where that is free, else beside; undefined when nothing is left to do. */
async function place(
  remote: Remote,
  release: RemoteRelease,
  content: Content,
  { id, isAlone }: { readonly id: string; readonly isAlone: boolean },
): Promise<Waiting | undefined> {
  const { name } = content;
  const old = release.assets.find((asset) => asset.name === name);
  if (old?.sha256 !== undefined && holds(old, content)) return undefined;
  const ready = release.assets.find((asset) => isReady(asset, content));
  if (ready !== undefined) return { name, id: ready.id, old: old?.id };
  if (old?.state !== 'uploaded' && isAlone) {
    await uploadAsset(remote, release, content, true);
    return undefined;
  }
  const beside = await uploadAsset(remote, release, { ...content, name: newName(name, id) });
  return { name, id: beside.id, old: old?.id };
}

/** Whether a killed run uploaded these very bytes already. */
function isReady(asset: RemoteAsset, content: Content): boolean {
  return finalName(asset.name) === content.name && asset.sha256 !== undefined && holds(asset, content);
}
