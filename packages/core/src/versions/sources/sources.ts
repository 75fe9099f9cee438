import { z } from 'zod';
import { GithubReleasesSource } from './github-releases.ts';
import { GithubTagsSource } from './github-tags.ts';
import { GitlabTagsSource } from './gitlab-tags.ts';
import { HttpSource } from './http.ts';
import { NpmSource } from './npm.ts';
import { PinnedSource } from './pinned.ts';

/** Where versions come from. A new kind is one file here and one line in this list. */
export const VersionSource = z.discriminatedUnion('from', [
  NpmSource,
  PinnedSource,
  GithubReleasesSource,
  GithubTagsSource,
  GitlabTagsSource,
  HttpSource,
]);
export type VersionSource = z.infer<typeof VersionSource>;
