import { join } from 'node:path';
import { ownedFolder, removeAbandoned } from '../../lifetime/owned-folder.ts';
import type { MetadataAsset } from '../store.ts';
import { fileContent, textContent, type Content } from './content.ts';
import { downloadAsset } from './read-asset.ts';
import type { Remote } from './remote.ts';

const prefix = 'bakery-metadata-';

/** The bytes of `assets`, those of other releases downloaded to a folder that lives until disposed. */
export async function contentOf(
  remote: Remote,
  assets: readonly MetadataAsset[],
): Promise<AsyncDisposable & { readonly list: readonly Content[] }> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await ownedFolder(remote.scratch, prefix));
  const list: Content[] = [];
  for (const asset of assets) {
    if ('text' in asset) {
      list.push(textContent(asset.name, asset.text));
    } else {
      const path = join(folder.path, String(list.length));
      await downloadAsset(remote, asset.from.tag, asset.from.asset, path);
      list.push(await fileContent(asset.name, path));
    }
  }
  const kept = stack.move();
  return { list, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Removes the folders of runs that were killed. */
export function removeDeadContent(remote: Remote): Promise<void> {
  return removeAbandoned(remote.scratch, prefix);
}
