import { chmodSync, lutimesSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from './tree.ts';

const usualFolder = 0o755;

/** Sets every time to `epoch` (seconds) and folder modes to what was asked, so that equal trees are equal. */
export function settleTree(tree: Tree, epoch: number): void {
  settleFolder(tree, '', epoch);
}

function settleFolder(tree: Tree, path: string, epoch: number): void {
  const place = tree.at(path || '/');
  for (const entry of readdirSync(place, { withFileTypes: true })) {
    const below = `${path}/${entry.name}`;
    if (entry.isDirectory()) settleFolder(tree, below, epoch);
    else lutimesSync(join(place, entry.name), epoch, epoch);
  }
  chmodSync(place, tree.written.get(path)?.mode ?? usualFolder);
  lutimesSync(place, epoch, epoch);
}
