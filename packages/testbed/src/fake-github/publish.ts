import type { FieldError } from './answer.ts';
import { publishedRelease, type Release, type Repo } from './state.ts';

export type MakeLatest = 'true' | 'false' | 'legacy';

/** Why this release cannot be made public under its tag; empty when it can. */
export function publishingErrors(repo: Repo, release: Pick<Release, 'id' | 'tag'>): readonly FieldError[] {
  const other = publishedRelease(repo, release.tag);
  if (other !== undefined && other.id !== release.id) {
    return [{ resource: 'Release', code: 'already_exists', field: 'tag_name' }];
  }
  return tagErrors(repo, release.tag);
}

/** What GitHub has against a tag name, for drafts and published releases alike. */
export function tagErrors(repo: Repo, tag: string): readonly FieldError[] {
  if (!isTagName(tag)) {
    return [
      { resource: 'Release', code: 'custom', field: 'tag_name', message: 'tag_name is not a valid tag' },
    ];
  }
  if (!repo.burntTags.has(tag)) {
    return [];
  }
  // All three come together: https://github.com/github-community-projects/ospo-reusable-workflows/issues/83
  const rule = 'Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n';
  return [
    { resource: 'Release', code: 'custom', field: 'pre_receive', message: `pre_receive ${rule}` },
    {
      resource: 'Release',
      code: 'custom',
      field: 'tag_name',
      message: 'tag_name was used by an immutable release',
    },
    { resource: 'Release', code: 'custom', message: 'Published releases must have a valid tag' },
  ];
}

/** The rules of git-check-ref-format for what follows `refs/tags/`. */
export function isTagName(tag: string): boolean {
  return (
    tag !== '' &&
    !/[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|^[/-]|[/.]$/u.test(tag) &&
    tag.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'))
  );
}

/** The commit a target names: a branch, a commit, or the default branch for an empty one. */
export function resolveTarget(repo: Repo, target: string): string | undefined {
  const name = target === '' ? repo.defaultBranch : target;
  return repo.branches.get(name) ?? (repo.commits.has(name) ? name : undefined);
}

/** Makes a checked draft public: sets its dates, makes its lightweight tag and moves `latest`. */
export function makePublic(repo: Repo, release: Release, makeLatest: MakeLatest, now: number): void {
  const commit = repo.tags.get(release.tag) ?? resolveTarget(repo, release.target);
  if (commit !== undefined) {
    repo.tags.set(release.tag, commit);
    release.createdAt = repo.commits.get(commit) ?? now;
  }
  release.draft = false;
  release.publishedAt = now;
  release.immutable = repo.immutableReleases;
  moveLatest(repo, release, makeLatest);
}

/** Marks a public release as the latest, or leaves that to dates with `legacy`. */
export function moveLatest(repo: Repo, release: Release, makeLatest: MakeLatest): void {
  if (makeLatest === 'true' && !release.draft && !release.prerelease) {
    repo.latestId = release.id;
  } else if (makeLatest === 'legacy') {
    repo.latestId = undefined;
  } else if (makeLatest === 'false' && repo.latestId === release.id) {
    repo.latestId = undefined;
  }
}

/** The chosen release, else the one whose commit is youngest, else the one made last. */
export function latestRelease(repo: Repo): Release | undefined {
  const stable = repo.releases.values().filter((release) => !release.draft && !release.prerelease);
  const candidates = stable.toArray().toSorted(newestFirst);
  return candidates.find((release) => release.id === repo.latestId) ?? candidates[0];
}

export function newestFirst(one: Release, other: Release): number {
  return other.createdAt - one.createdAt || other.id - one.id;
}
