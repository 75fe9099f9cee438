import { chmodSync, mkdirSync } from 'node:fs';
import { showPlace } from '../diagnostics/place.ts';
import type { Fetched } from '../fetch/fetched.ts';
import { lastPart } from '../language/address.ts';
import type { Exec } from '../ports/exec.ts';
import { addLinks, checkRequired } from './add-links.ts';
import { archiveFormat } from './archive-format.ts';
import { editFile } from './edit-file.ts';
import { refuseCapabilities } from './refuse-capabilities.ts';
import { settleTree } from './settle-tree.ts';
import type { Placement, Staging, Target } from './staging.ts';
import { copyStaticTree } from './static-tree.ts';
import { createTree, type Tree } from './tree.ts';
import { unpack } from './unpack.ts';

export interface StageContext {
  readonly exec: Exec;
  /** Seconds; every time in the tree. */
  readonly epoch: number;
  /** Runs the build steps, when the recipe has any. */
  readonly build?: (tree: Tree) => Promise<void>;
}

const programMode = 0o755;

/**
 * Puts the image of `work` together in the folder `root`, which is made when missing: static trees, downloads,
 * builds, folders, texts, edits, links, in this order. `fetched` has one entry for each of `work.downloads`.
 */
export async function stageTree(
  root: string,
  work: Staging,
  fetched: readonly Fetched[],
  { exec, epoch, build }: StageContext,
): Promise<Tree> {
  mkdirSync(root, { recursive: true });
  chmodSync(root, 0o755);
  const tree = createTree(root);
  for (const folder of work.trees) {
    copyStaticTree(tree, folder);
    await refuseCapabilities(folder, { exec });
  }
  for (const [index, download] of work.downloads.entries()) {
    const file = fetched[index];
    if (file === undefined) throw new Error(`${download.url}: was not fetched`);
    await addDownload(tree, download, file, exec);
  }
  await build?.(tree);
  for (const { path, mode } of work.folders) tree.folder(withoutSlash(path), 'folders', mode);
  for (const { path, content, mode } of work.texts) tree.file(path, content, mode, 'text');
  for (const edit of work.edits) editFile(tree, edit);
  addLinks(tree, work.links);
  checkRequired(tree, work.requires);
  settleTree(tree, epoch);
  return tree;
}

/** An entry with neither place nor unpack is there for a build step. */
async function addDownload(tree: Tree, download: Placement, fetched: Fetched, exec: Exec): Promise<void> {
  const label = `${showPlace(download.place)} ${lastPart(download.url)}`;
  if (download.file !== undefined) {
    const { file } = download;
    tree.copy(fileTarget(file, download.url), fetched.path, file.mode ?? programMode, label);
  }
  if (download.unpack !== undefined) {
    const format = archiveFormat(download.url, download.unpack.format);
    await unpack({ path: fetched.path, format, label }, download.unpack, tree, { exec });
  }
}

function fileTarget({ to }: Target, url: string): string {
  return to.endsWith('/') ? `${to}${lastPart(url)}` : to;
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '');
}
