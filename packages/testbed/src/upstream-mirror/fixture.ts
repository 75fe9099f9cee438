import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Arch, perArch } from '@bakery/core/src/names/arch.ts';

const tokens = perArch(z.string());

const memberShape = {
  mode: z.string().optional(),
  elf: z.literal(true).optional(),
  source: z.literal(true).optional(),
  text: z.string().optional(),
  link: z.string().optional(),
  folder: z.literal(true).optional(),
  arches: z.array(Arch).optional(),
};
const PlainMember = z.union([z.enum(['elf', 'text', 'script']), z.strictObject(memberShape)]);
export const Member = z.union([
  z.enum(['elf', 'text', 'script']),
  z.strictObject({ ...memberShape, members: z.record(z.string(), PlainMember).optional() }),
]);
export type Member = z.infer<typeof Member>;

const Sums = z.strictObject({
  at: z.string(),
  form: z.enum(['named', 'star', 'dot', 'bare', 'clear-signed']),
  name: z.string().optional(),
  decoys: z.array(z.string()).default([]),
  signature: z.string().optional(),
});
export type Sums = z.infer<typeof Sums>;

const Cosign = z.strictObject({
  signature: z.string(),
  certificate: z.string(),
  identity: z.string(),
  issuer: z.string(),
});
export type Cosign = z.infer<typeof Cosign>;

const Download = z
  .strictObject({
    url: z.string(),
    versions: z.array(z.string()).optional(),
    arch: tokens.optional(),
    arches: z.array(Arch).optional(),
    each: z.record(z.string(), z.array(z.string())).default({}),
    file: Member.optional(),
    members: z.record(z.string(), Member).optional(),
    sums: z.array(Sums).default([]),
    signature: z.string().optional(),
    cosign: Cosign.optional(),
    'stands-for': z.string().optional(),
    digest: z.boolean().default(true),
  })
  .refine(({ file, members }) => (file === undefined) !== (members === undefined), {
    error: 'expected either file or members',
  });
export type Download = z.infer<typeof Download>;

const Repository = z.strictObject({
  url: z.string().endsWith('.git'),
  tag: z.string(),
  versions: z.array(z.string()).optional(),
  files: z.record(z.string(), PlainMember),
});
export type Repository = z.infer<typeof Repository>;

const Release = z.union([
  z.string(),
  z.strictObject({
    tag: z.string(),
    prerelease: z.boolean().default(false),
    draft: z.boolean().default(false),
  }),
]);
const HashicorpBuild = z.strictObject({
  version: z.string(),
  license: z.enum(['oss', 'enterprise']).default('oss'),
  prerelease: z.boolean().default(false),
  created: z.string(),
});
const pageSize = z.int().min(1).optional();

const Document = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('github-releases'),
    repo: z.string(),
    releases: z.array(Release),
    'page-size': pageSize,
  }),
  z.strictObject({
    kind: z.literal('github-tags'),
    repo: z.string(),
    tags: z.array(z.string()),
    'page-size': pageSize,
  }),
  z.strictObject({
    kind: z.literal('gitlab-tags'),
    host: z.string(),
    project: z.union([z.string(), z.int()]),
    tags: z.array(z.string()),
    'page-size': pageSize,
  }),
  z.strictObject({ kind: z.literal('index'), url: z.string(), links: z.array(z.string()) }),
  z.strictObject({
    kind: z.literal('hashicorp'),
    product: z.string(),
    builds: z.array(HashicorpBuild),
    'page-size': pageSize,
  }),
  z.strictObject({
    kind: z.literal('file'),
    url: z.string(),
    text: z.string(),
    versions: z.array(z.string()).optional(),
  }),
]);
export type Document = z.infer<typeof Document>;

const Build = z.strictObject({
  version: z.string(),
  options: z.record(z.string(), z.string()).default({}),
  arches: z.array(Arch).optional(),
});
export type Build = z.infer<typeof Build>;

/** What upstream of one recipe serves, and what the recipe must make of it; `upstreams/cilium.yaml` explains each key. */
export const Fixture = z.strictObject({
  recipe: z.string(),
  with: z.array(z.string()).default([]),
  arch: tokens,
  versions: z.array(z.string()),
  key: z
    .strictObject({ at: z.string(), versions: z.array(z.string()).optional(), 'stands-for': z.string() })
    .optional(),
  expect: z.strictObject({
    latest: z.array(z.string()),
    listed: z.array(z.string()).optional(),
    unproved: z.string().optional(),
  }),
  builds: z.array(Build).optional(),
  documents: z.array(Document),
  downloads: z.array(Download),
  repositories: z.array(Repository).default([]),
});
export type Fixture = z.infer<typeof Fixture>;

export const fixtureFolder = join(import.meta.dirname, '../../upstreams');

export async function loadFixture(name: string): Promise<Fixture> {
  const text = await readFile(join(fixtureFolder, `${name}.yaml`), 'utf8');
  const result = Fixture.safeParse(parse(text));
  if (result.success) return result.data;
  throw new Error(`upstreams/${name}.yaml: ${z.prettifyError(result.error)}`);
}

/** The fixtures of `names` and of what they need, each once. */
export async function loadFixtures(names: readonly string[]): Promise<Fixture[]> {
  const loaded = new Map<string, Fixture>();
  const waiting = [...names];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (loaded.has(name)) continue;
    const fixture = await loadFixture(name);
    loaded.set(name, fixture);
    waiting.push(...fixture.with);
  }
  return [...loaded.values()];
}
