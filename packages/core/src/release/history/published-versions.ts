import { versionsByName } from '../../names/versions-by-name.ts';
import type { Store } from '../../store/store.ts';
import { newestFirst } from '../../systemd/compare.ts';

export interface PublishedContext {
  readonly store: Pick<Store, 'publishedTags'>;
  /** Names of the recipes there are; those of others are told from the store’s tags. */
  readonly names: readonly string[];
}

/** Extensions with a published version, or with an index of versions that are gone. */
export async function publishedExtensions({ store, names }: PublishedContext): Promise<string[]> {
  const tags = await store.publishedTags();
  const indexed = names.filter((name) => tags.has(name));
  return [...new Set([...namesIn(tags, names), ...indexed])].toSorted();
}

/** Published versions of an extension, newest first. */
export async function publishedVersions(name: string, { store, names }: PublishedContext): Promise<string[]> {
  const tags = await store.publishedTags(`${name}-`);
  // Only names that begin with this one could claim such a tag, so other tags need not be known.
  const all = [...names, name, ...namesIn(tags, names)];
  return (versionsByName(tags, all).get(name) ?? []).toSorted(newestFirst);
}

/** The extensions that `tags` contains versions of. */
export function namesIn(tags: ReadonlySet<string>, known: readonly string[]): string[] {
  return [...versionsByName(tags, known).keys()];
}
