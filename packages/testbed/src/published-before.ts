import { readFile } from 'node:fs/promises';
import { versionsByName } from '@bakery/core/src/names/versions-by-name.ts';
import { newestFirst } from '@bakery/core/src/systemd/compare.ts';

/** What flatcar/sysext-bakery has published of each of `names`, as its tags tell; newest first. */
export async function publishedBefore(names: Iterable<string>): Promise<ReadonlyMap<string, string[]>> {
  const tags = await readFile(new URL('../data/bakery-tags.txt', import.meta.url), 'utf8');
  const byName = versionsByName(tags.trim().split('\n'), names);
  return new Map([...byName].map(([name, versions]) => [name, versions.toSorted(newestFirst)]));
}
