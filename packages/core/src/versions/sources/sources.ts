import { z } from 'zod';
import { AptSource, listApt } from './apt.ts';
import { GithubReleasesSource, listGithubReleases } from './github-releases.ts';
import { GithubTagsSource, listGithubTags } from './github-tags.ts';
import { GitlabTagsSource, listGitlabTags } from './gitlab-tags.ts';
import { HttpSource, listHttp } from './http.ts';
import type { Listed, ListContext } from './listing.ts';
import { listNpm, NpmSource } from './npm.ts';
import { listPinned, PinnedSource } from './pinned.ts';

/** Where versions come from. A new kind is one file here and one line in each of these lists. */
export const VersionSource = z.discriminatedUnion('from', [
  NpmSource,
  PinnedSource,
  GithubReleasesSource,
  GithubTagsSource,
  GitlabTagsSource,
  HttpSource,
  AptSource,
]);
export type VersionSource = z.infer<typeof VersionSource>;

type List<Source> = (source: Source, context: ListContext) => Promise<Listed[]>;

const listers: { readonly [Kind in VersionSource['from']]: List<Extract<VersionSource, { from: Kind }>> } = {
  npm: listNpm,
  pinned: listPinned,
  'github-releases': listGithubReleases,
  'github-tags': listGithubTags,
  'gitlab-tags': listGitlabTags,
  http: listHttp,
  apt: listApt,
};

/** Every version the source names, in no order and before any filter. */
export function listVersions<Kind extends VersionSource['from']>(
  source: Extract<VersionSource, { from: Kind }>,
  context: ListContext,
): Promise<Listed[]> {
  const list: List<Extract<VersionSource, { from: Kind }>> = listers[source.from];
  return list(source, context);
}
