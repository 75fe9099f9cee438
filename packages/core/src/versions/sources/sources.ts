import { z } from 'zod';
import { aptSource } from './apt.ts';
import { forgejoSource } from './forgejo.ts';
import { githubReleasesSource } from './github-releases.ts';
import { githubTagsSource } from './github-tags.ts';
import { gitlabTagsSource } from './gitlab-tags.ts';
import { httpSource } from './http.ts';
import type { Listed, ListContext } from './listing.ts';
import { npmSource } from './npm.ts';
import { pinnedSource } from './pinned.ts';

/** A new kind is one file here and one line in this list. */
const all = [
  npmSource,
  pinnedSource,
  githubReleasesSource,
  githubTagsSource,
  gitlabTagsSource,
  forgejoSource,
  httpSource,
  aptSource,
] as const;

const [first, ...others] = all;

/** Where versions come from. */
export const VersionSource = z.discriminatedUnion('from', [
  first.schema,
  ...others.map(({ schema }) => schema),
]);
export type VersionSource = z.infer<typeof VersionSource>;

/** What is the same for all kinds once it is known that record and source belong together. */
interface AnySourceKind {
  readonly from: string;
  list(source: VersionSource, context: ListContext): Promise<Listed[]>;
  words(source: VersionSource): string;
  tellsDates?(source: VersionSource): boolean;
  readonly isLocal?: boolean;
  readonly sharesRequests?: boolean;
}

const kinds: readonly AnySourceKind[] = all;

export function kindOfSource({ from }: VersionSource): AnySourceKind {
  const found = kinds.find((kind) => kind.from === from);
  if (found === undefined) throw new Error(`no such kind of version source: ${from}`);
  return found;
}

/** Every version the source names, in no order and before any filter. */
export function listVersions(source: VersionSource, context: ListContext): Promise<Listed[]> {
  return kindOfSource(source).list(source, context);
}
