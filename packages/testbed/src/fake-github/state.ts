import { createHash } from 'node:crypto';

/** Everything the fake remembers. Plain data, so that a clone is a snapshot and v8 can write it to a file. */
export interface State {
  nextId: number;
  readonly repos: Map<string, Repo>;
}

export interface Repo {
  readonly id: number;
  /** `OWNER/NAME`. */
  readonly fullName: string;
  private: boolean;
  readonly defaultBranch: string;
  /** Branch name to commit. */
  readonly branches: Map<string, string>;
  /** Commit to its date in ms since 1970. */
  readonly commits: Map<string, number>;
  /** Tag name to commit: releases make lightweight tags. */
  readonly tags: Map<string, string>;
  readonly releases: Map<number, Release>;
  /** The release that was published with `make_latest: true`, if any. */
  latestId: number | undefined;
  /** Off in a fork until somebody turns them on. */
  hasIssues: boolean;
  /** What publishes its Pages; undefined where they are off, as in every new repository. */
  pages: 'workflow' | 'legacy' | undefined;
  immutableReleases: boolean;
  /** Environments that were made, and the names of their secrets. */
  readonly environments: Map<string, readonly string[]>;
  archived: boolean;
  /** Tag names an immutable release had; never usable again. */
  readonly burntTags: Set<string>;
  /** Path to text, on every branch alike. */
  readonly files: Map<string, string>;
  readonly issues: Issue[];
  readonly workflows: Workflow[];
  /** Oldest first. */
  readonly runs: WorkflowRun[];
  readonly createdAt: number;
}

export interface Release {
  readonly id: number;
  tag: string;
  target: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  immutable: boolean;
  /** Date of the tagged commit once published; until then when the draft was made. */
  createdAt: number;
  updatedAt: number;
  publishedAt: number | undefined;
  readonly assets: Asset[];
}

export interface Asset {
  readonly id: number;
  name: string;
  label: string | null;
  /** `starter` until the last byte has arrived, and for ever when it never does. */
  state: 'starter' | 'uploaded';
  readonly contentType: string;
  size: number;
  /** `sha256:…`; null while `starter` and on assets from before June 2025. */
  digest: string | null;
  bytes: AssetBytes;
  downloads: number;
  readonly createdAt: number;
  updatedAt: number;
}

export type AssetBytes =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'seeded'; readonly seed: string; readonly size: number };

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  body: string | null;
  readonly labels: readonly string[];
  state: 'open' | 'closed';
  readonly createdAt: number;
}

export interface Workflow {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  state: 'active' | 'disabled_manually' | 'disabled_fork' | 'disabled_inactivity';
  /** Inputs of every workflow_dispatch so far. */
  readonly dispatches: unknown[];
}

/** What is left of a run for others to look at. */
export interface WorkflowRun {
  readonly id: number;
  /** Of its workflow file. */
  readonly path: string;
  readonly branch: string;
  readonly commit: string;
  readonly event: string;
  /** The reusable workflows it called: `OWNER/NAME/PATH@REF`, and the commit that was. */
  readonly called: readonly { readonly path: string; readonly sha: string }[];
  readonly createdAt: number;
  readonly jobs: readonly RunJob[];
  /** Oldest first. */
  readonly artifacts: readonly Artifact[];
}

export interface RunJob {
  readonly name: string;
  readonly conclusion: 'success' | 'failure';
  readonly steps: readonly {
    readonly name: string;
    readonly conclusion: 'success' | 'failure' | 'skipped';
  }[];
}

export interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly expired: boolean;
  /** A zip. */
  readonly bytes: AssetBytes;
}

export function emptyState(): State {
  return { nextId: 1000, repos: new Map() };
}

export function takeId(state: State): number {
  state.nextId += 1;
  return state.nextId;
}

export function newRepo(state: State, fullName: string, createdAt: number): Repo {
  const defaultBranch = 'main';
  const repo: Repo = {
    id: takeId(state),
    fullName,
    private: false,
    defaultBranch,
    branches: new Map(),
    commits: new Map(),
    tags: new Map(),
    releases: new Map(),
    latestId: undefined,
    hasIssues: true,
    pages: undefined,
    immutableReleases: false,
    environments: new Map(),
    archived: false,
    burntTags: new Set(),
    files: new Map(),
    issues: [],
    workflows: [],
    runs: [],
    createdAt,
  };
  repo.branches.set(defaultBranch, newCommit(repo, createdAt));
  state.repos.set(fullName.toLowerCase(), repo);
  return repo;
}

/** Adds a commit with that date to the repository and answers its id. */
export function newCommit(repo: Repo, date: number): string {
  const sha = createHash('sha1').update(`${repo.fullName} ${repo.commits.size}`).digest('hex');
  repo.commits.set(sha, date);
  return sha;
}

export function findRepo(state: State, fullName: string): Repo | undefined {
  return state.repos.get(fullName.toLowerCase());
}

/** The published release of a tag. There is never more than one. */
export function publishedRelease(repo: Repo, tag: string): Release | undefined {
  return repo.releases.values().find((release) => !release.draft && release.tag === tag);
}

export function findAsset(
  repo: Repo,
  id: number,
): { readonly release: Release; readonly asset: Asset } | undefined {
  for (const release of repo.releases.values()) {
    const asset = release.assets.find((candidate) => candidate.id === id);
    if (asset !== undefined) {
      return { release, asset };
    }
  }
  return undefined;
}
