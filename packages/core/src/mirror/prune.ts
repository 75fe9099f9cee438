import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ownedFolder } from '../lifetime/owned-folder.ts';
import { parseTag } from '../names/tag.ts';
import { type MirrorContext, workFolder } from './context.ts';

/** What the source has now. */
export interface Kept {
  /** Extensions that were looked at, those that are gone among them. */
  readonly extensions: readonly string[];
  readonly gone: readonly string[];
  /** Releases to keep. */
  readonly tags: ReadonlySet<string>;
}

/** Removes releases no index names any more; each goes at once, by a rename. Resolves to their tags. */
export async function prune({ extensions, gone, tags }: Kept, context: MirrorContext): Promise<string[]> {
  const { store, root } = context;
  const removed: string[] = [];
  await using away = await ownedFolder(join(root, workFolder));
  for (const tag of [...(await store.publishedTags())].toSorted()) {
    const parsed = parseTag(tag, extensions);
    const isOld = parsed.kind === 'version' && extensions.includes(parsed.name) && !tags.has(tag);
    const isGone = parsed.kind === 'metadata' && gone.includes(parsed.name);
    if (!isOld && !isGone) continue;
    await rename(join(root, tag), join(away.path, tag));
    removed.push(tag);
  }
  return removed;
}
