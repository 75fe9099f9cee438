import { z } from 'zod';
import { instantBytes, sha256 } from './asset-bytes.ts';
import { makePublic } from './publish.ts';
import { limitNames } from './rate-limit.ts';
import { newCommit, newRepo, takeId, type Asset, type Release, type Repo, type State } from './state.ts';

export const SeedAsset = z.strictObject({
  name: z.string(),
  /** Content. Left out, `size` bytes grow from the name. */
  text: z.string().optional(),
  /** Bytes; 64 when left out. */
  size: z.number().optional(),
  /** False for an asset from before June 2025, when GitHub began to keep digests. */
  digest: z.boolean().optional(),
  /** `starter` is what a failed upload leaves. */
  state: z.enum(['starter', 'uploaded']).optional(),
});
export type SeedAsset = z.infer<typeof SeedAsset>;

export const SeedRelease = z.strictObject({
  tag: z.string(),
  name: z.string().optional(),
  body: z.string().optional(),
  draft: z.boolean().optional(),
  prerelease: z.boolean().optional(),
  latest: z.boolean().optional(),
  /** Date of the tagged commit; that of the branch when left out. */
  createdAt: z.iso.datetime().optional(),
  assets: z.array(SeedAsset).optional(),
});
export type SeedRelease = z.infer<typeof SeedRelease>;

export const SeedRepo = z.strictObject({
  private: z.boolean().optional(),
  hasIssues: z.boolean().optional(),
  pages: z.enum(['workflow', 'legacy']).optional(),
  immutableReleases: z.boolean().optional(),
  archived: z.boolean().optional(),
  environments: z.record(z.string(), z.array(z.string())).optional(),
  /** Tags without a release. */
  tags: z.array(z.string()).optional(),
  files: z.record(z.string(), z.string()).optional(),
  /** Paths of workflow files. */
  workflows: z.array(z.string()).optional(),
  releases: z.array(SeedRelease).optional(),
});
export type SeedRepo = z.infer<typeof SeedRepo>;

const Level = z.enum(['none', 'read', 'write']);

/** What a seed file holds: repositories by `OWNER/NAME`, tokens by their text, a bakery of real size. */
export const Seed = z.strictObject({
  bakery: z
    .strictObject({
      repo: z.string(),
      factor: z.number().optional(),
      upstreams: z.array(z.string()).optional(),
      releasesEach: z.number().optional(),
    })
    .optional(),
  limits: z.partialRecord(z.enum(limitNames), z.number()).optional(),
  repos: z.record(z.string(), SeedRepo).default({}),
  tokens: z
    .record(
      z.string(),
      z.strictObject({
        contents: Level.optional(),
        issues: Level.optional(),
        actions: Level.optional(),
        administration: Level.optional(),
        pages: Level.optional(),
        repos: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});
export type Seed = z.infer<typeof Seed>;

export function seedRepo(state: State, fullName: string, seed: SeedRepo, now: number): Repo {
  const repo = newRepo(state, fullName, now);
  repo.private = seed.private ?? false;
  repo.hasIssues = seed.hasIssues ?? true;
  repo.pages = seed.pages;
  repo.immutableReleases = seed.immutableReleases ?? false;
  repo.archived = seed.archived ?? false;
  for (const [name, secrets] of Object.entries(seed.environments ?? {})) repo.environments.set(name, secrets);
  const head = repo.branches.get(repo.defaultBranch) ?? '';
  for (const tag of seed.tags ?? []) {
    repo.tags.set(tag, head);
  }
  for (const [path, content] of Object.entries(seed.files ?? {})) {
    repo.files.set(path, content);
  }
  for (const path of seed.workflows ?? []) {
    repo.workflows.push({ id: takeId(state), name: path, path, state: 'active', dispatches: [] });
  }
  for (const release of seed.releases ?? []) {
    seedRelease(state, repo, release, now);
  }
  return repo;
}

export function seedRelease(state: State, repo: Repo, seed: SeedRelease, now: number): Release {
  const createdAt = seed.createdAt === undefined ? now : Date.parse(seed.createdAt);
  const release: Release = {
    id: takeId(state),
    tag: seed.tag,
    target: seed.createdAt === undefined ? repo.defaultBranch : newCommit(repo, createdAt),
    name: seed.name ?? seed.tag,
    body: seed.body ?? null,
    draft: true,
    prerelease: seed.prerelease ?? false,
    immutable: false,
    createdAt,
    updatedAt: createdAt,
    publishedAt: undefined,
    assets: [],
  };
  for (const asset of seed.assets ?? []) {
    release.assets.push(seedAsset(state, repo, release, asset));
  }
  repo.releases.set(release.id, release);
  if (seed.draft !== true) {
    makePublic(repo, release, seed.latest === true ? 'true' : 'false', createdAt);
  }
  return release;
}

function seedAsset(state: State, repo: Repo, release: Release, seed: SeedAsset): Asset {
  const isThere = seed.state !== 'starter';
  const grown = {
    kind: 'seeded',
    seed: `${repo.fullName} ${release.tag} ${seed.name}`,
    size: seed.size ?? 64,
  } as const;
  const content = seed.text === undefined ? grown : ({ kind: 'text', text: seed.text } as const);
  const bytes = isThere ? content : ({ kind: 'none' } as const);
  const instant = instantBytes(bytes);
  return {
    id: takeId(state),
    name: seed.name,
    label: null,
    state: seed.state ?? 'uploaded',
    contentType: 'application/octet-stream',
    size: instant.length,
    digest: isThere && seed.digest !== false ? `sha256:${sha256(instant)}` : null,
    bytes,
    downloads: 0,
    createdAt: release.createdAt,
    updatedAt: release.createdAt,
  };
}
