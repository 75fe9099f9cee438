import { parseTag } from '../names/tag.ts';
import { openFolder } from '../store/directory.ts';
import { removeRelease } from '../store/directory/remove-release.ts';
import { shown } from '../store/directory/require-own-folder.ts';
import type { MirrorContext } from './context.ts';

/** What the source has now. */
export interface Kept {
  /** Extensions that were looked at, those that are gone among them. */
  readonly extensions: readonly string[];
  readonly gone: readonly string[];
  /** Releases to keep. */
  readonly tags: ReadonlySet<string>;
}

/**
 * Removes releases no index names any more; each goes at once, by a rename. One in which somebody put files of their
 * own stays, aloud. Resolves to the tags of those that went.
 */
export async function prune({ extensions, gone, tags }: Kept, context: MirrorContext): Promise<string[]> {
  const { store, root, report } = context;
  const folder = openFolder(root, { name: store.name, report });
  const removed: string[] = [];
  for (const tag of [...(await store.publishedTags())].toSorted()) {
    const parsed = parseTag(tag, extensions);
    const isOld = parsed.kind === 'version' && extensions.includes(parsed.name) && !tags.has(tag);
    const isGone = parsed.kind === 'metadata' && gone.includes(parsed.name);
    if (!isOld && !isGone) continue;
    const strange = await removeRelease(folder, tag);
    if (strange.length === 0) removed.push(tag);
    else report.warn(`${tag}: is gone from the source, but kept: the bakery did not write ${shown(strange)}`);
  }
  return removed;
}
