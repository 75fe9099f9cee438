import { parsePartName } from '../../names/file-names.ts';
import { globalTag } from '../../names/manifest-name.ts';
import { releaseTag } from '../../names/tag.ts';
import { listedEverywhere } from '../history/withdrawn.ts';
import type { Target } from '../publish/transfer-files.ts';

/** Whether a version has files for dm-verity beside its images, or will have them once it is published. */
export type HasSidecars = (name: string, version: string) => boolean;

/** `tags` is every tag the store has. Nobody is asked where no version gets such files. */
export async function whoHasSidecars({
  store,
  verity,
  tags,
}: Pick<Target, 'store' | 'verity'> & { readonly tags: ReadonlySet<string> }): Promise<HasSidecars> {
  if (verity === undefined) return () => false;
  const listed = tags.has(globalTag) ? [...(await listedEverywhere(store))] : [];
  const trees = listed.filter((file) => file.endsWith('.verity'));
  const known = new Map<string, ReadonlySet<string>>();
  const versionsOf = (name: string): ReadonlySet<string> =>
    new Set(trees.flatMap((file) => parsePartName(file, name)?.version ?? []));
  return (name, version) => {
    if (!tags.has(releaseTag(name, version))) return true;
    const versions = known.get(name) ?? versionsOf(name);
    known.set(name, versions);
    return versions.has(version);
  };
}
