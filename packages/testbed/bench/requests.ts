// `pnpm bench requests`: what the bakery asks of GitHub and of other servers, at the size of the reference bakery and
// at ten times that, beside the budgets. Ends with 1 when one is exceeded.
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBakery, type Bakery } from '@bakery/core/src/bakery/open-bakery.ts';
import { recipeArches } from '@bakery/core/src/recipe/recipe-arches.ts';
import { affordable } from '@bakery/core/src/release/budget/affordable.ts';
import { checkReleases } from '@bakery/core/src/release/check/check-releases.ts';
import { publishedVersions } from '@bakery/core/src/release/history/published-versions.ts';
import { updateExtensionMetadata } from '@bakery/core/src/release/metadata/metadata.ts';
import { updateMetadata } from '@bakery/core/src/release/metadata/update-metadata.ts';
import { publishVersion } from '@bakery/core/src/release/publish/publish.ts';
import type { Spending } from '@bakery/core/src/store/budget.ts';
import { storeAt } from '@bakery/core/testing/hurried-store.ts';
import { sampleImages } from '@bakery/core/testing/sample-images.ts';
import { referenceBakery, type ReferenceBakery, type Size } from '../src/reference-bakery.ts';

// GitHub lists no more than 1,000 releases of a project.
const sizes: readonly [Size, Size] = [
  { factor: 1, releasesEach: 150 },
  { factor: 10, releasesEach: 1000 },
];

interface Job {
  readonly name: string;
  /** At the reference bakery’s own size; at ten times that, ten times as many. Reads only, but for a check. */
  readonly budgets: Readonly<Partial<Record<'GitHub API' | 'all', number>>>;
  /** Answers what was estimated, where a run plans by that. */
  run(bakery: ReferenceBakery): Promise<Spending | void>;
}

const measured = 'kubernetes'; // the extension with 61 releases

const jobs: readonly Job[] = [
  {
    name: 'check what to build',
    budgets: { 'GitHub API': 8, all: 30 },
    run: async (world) => {
      const bakery = await openBakery({ recipes: ['recipes'], store: `github:${world.repo}` }, world.io);
      const asked = (await bakery.releaseList()).map((entry) => ({ ...entry, why: 'pinned' as const }));
      const { failures } = await checkReleases(asked, bakery);
      refuse(failures);
    },
  },
  {
    name: 'metadata of everything, for the first time',
    budgets: {},
    run: (world) => updateAll(world),
  },
  { name: 'metadata of everything, nothing new', budgets: { 'GitHub API': 40 }, run: updateAll },
  { name: `metadata of ${measured}, nothing new`, budgets: { 'GitHub API': 6 }, run: updateMeasured },
  {
    name: `metadata of ${measured}, a new version`,
    budgets: { 'GitHub API': 6 },
    run: async (world) => {
      addVersion(world, `${measured}-v1.99.0`);
      await updateMeasured(world);
    },
  },
  {
    name: `metadata of ${measured} and the global index`,
    budgets: {},
    run: (world) => update(world, [measured]),
  },
  { name: `a version of ${measured}, from check to index`, budgets: {}, run: release },
  {
    name: 'metadata of everything, one new version',
    budgets: { 'GitHub API': 40 },
    run: async (world) => {
      addVersion(world, 'wasmtime-v99.0.0');
      await updateAll(world);
    },
  },
];

interface Measurement {
  /** Reads by route or host; writes are told apart. */
  readonly github: ReadonlyMap<string, number>;
  readonly elsewhere: ReadonlyMap<string, number>;
  readonly writes: number;
  /** Of the requests a token has in an hour: GraphQL and downloads cost none of them, an upload two. */
  readonly cost: number;
  readonly estimate: number | undefined;
}

const results = new Map<Job, Measurement[]>(jobs.map((job) => [job, []]));
for (const size of sizes) {
  await using world = await referenceBakery(size);
  const releases = world.fake.releases(world.repo).length;
  print(
    `${world.recipes.length} recipes, ${releases} releases, projects of ${size.releasesEach} releases each`,
  );
  for (const job of jobs) {
    world.forget();
    const estimate = await job.run(world);
    const measurement = { ...measure(world), estimate: estimate?.requests };
    results.get(job)?.push(measurement);
    show(job, measurement);
  }
  print('');
}

print(
  `${'requests'.padEnd(46)}${'to'.padEnd(12)}${'1×'.padStart(6)}${'budget'.padStart(8)}${'10×'.padStart(6)}${'growth'.padStart(8)}`,
);
for (const [job, [one, ten]] of results) {
  for (const to of ['GitHub API', 'all'] as const) {
    const budget = job.budgets[to];
    if (one === undefined || ten === undefined || (to === 'all' && budget === undefined)) continue;
    const [small, large] = [requests(one, to), requests(ten, to)];
    const isMet = budget === undefined || (small <= budget && large <= budget * 10);
    if (!isMet) process.exitCode = 1;
    const columns = [`${small}`.padStart(6), `${budget ?? ''}`.padStart(8), `${large}`.padStart(6)];
    const growth = `×${(large / small).toFixed(1)}`.padStart(8);
    const verdict = budget === undefined ? '' : isMet ? '  PASS' : '  FAIL';
    print(`${job.name.padEnd(46)}${to.padEnd(12)}${columns.join('')}${growth}${verdict}`);
  }
}

print('');
print(`${'of a token’s 1,000 an hour'.padEnd(58)}${'1×'.padStart(6)}${'10×'.padStart(6)}`);
for (const [job, sized] of results) {
  const estimates = sized.map(({ estimate }) => estimate);
  for (const [what, counts] of [
    ['cost', sized.map(({ cost }) => cost)],
    ['estimate', estimates],
  ] as const) {
    if (counts.every((one) => one === undefined)) continue;
    print(`${job.name.padEnd(46)}${what.padEnd(12)}${counts.map((one) => `${one}`.padStart(6)).join('')}`);
  }
  if (sized.some(({ cost, estimate = cost }) => Math.abs(cost - estimate) > cost / 10)) {
    process.exitCode = 1;
    print('  FAIL: the estimate is off by more than a tenth');
  }
}

function measure(world: ReferenceBakery): Omit<Measurement, 'estimate'> {
  const reads = world.fake.reads(['api', 'graphql']);
  reads.delete('GET /rate_limit'); // costs nothing
  const writes = sum(world.fake.writes(['api', 'uploads']));
  const broken = world.fake.violations();
  if (broken.length > 0) throw new Error(broken.join('\n'));
  const calls = world.fake.requests(['api']);
  calls.delete('GET /rate_limit');
  const cost = sum(calls) + 2 * sum(world.fake.writes(['uploads']));
  return { github: reads, elsewhere: world.elsewhere(), writes, cost };
}

function requests({ github, elsewhere }: Measurement, to: 'GitHub API' | 'all'): number {
  return sum(github) + (to === 'all' ? sum(elsewhere) : 0);
}

function show({ name }: Job, { github, elsewhere, writes }: Measurement): void {
  print(`  ${name}${writes === 0 ? '' : ` (and ${writes} writes)`}`);
  for (const [route, count] of [...github, ...elsewhere]) print(`${String(count).padStart(7)}  ${route}`);
}

function updateAll(world: ReferenceBakery): Promise<void> {
  return update(world, world.recipes);
}

/** As many runs as it takes: GitHub takes 500 changes an hour, and each run here is one of a new hour. */
async function update(world: ReferenceBakery, extensions: readonly string[]): Promise<void> {
  for (;;) {
    const { failures, postponed } = await updateMetadata(extensions, await hurriedBakery(world));
    refuse(failures);
    if (postponed.length === 0) return;
  }
}

/** The extension alone: the global index is another release. */
async function updateMeasured(world: ReferenceBakery): Promise<void> {
  const bakery = await hurriedBakery(world);
  const { recipe } = await bakery.recipeBook.find(measured);
  await updateExtensionMetadata(measured, recipe, { ...bakery, names: bakery.recipeBook.names });
}

/** What check, publish and metadata do about one version. */
async function release(world: ReferenceBakery): Promise<Spending | undefined> {
  const [bakery, wanted] = [await hurriedBakery(world), { name: measured, version: 'v1.99.1' }];
  const tags = await bakery.store.publishedTags();
  const plan = { tags, hours: 1, extensions: [measured] };
  const { cost } = await affordable([{ ...wanted, why: 'latest' }], { ...bakery, ...plan });
  world.forget();
  const loaded = await bakery.recipeBook.find(measured);
  await using folder = await mkdtempDisposable(join(tmpdir(), 'bench-release-'));
  const images = await sampleImages(measured, wanted.version, recipeArches(loaded.recipe), folder.path);
  const job = await hurriedBakery(world);
  await publishedVersions(measured, { ...job, names: job.recipeBook.names }); // for its notes
  await publishVersion(loaded, images, job);
  await update(world, [measured]);
  return cost;
}

/** As opened by users, with a store that does not wait a second after each write. */
async function hurriedBakery({ fake, io, repo }: ReferenceBakery): Promise<Bakery> {
  const bakery = await openBakery({ recipes: ['recipes'], store: `github:${repo}` }, io);
  return { ...bakery, store: storeAt(fake, 'test-token', 'bakery') };
}

function addVersion({ fake, repo }: ReferenceBakery, tag: string): void {
  const assets = ['x86-64', 'arm64'].map((arch) => ({ name: `${tag}-${arch}.raw` }));
  fake.addRelease(repo, { tag, assets });
}

/** A job that failed half-way has asked for less than it should. */
function refuse(failures: readonly { readonly name: string; readonly error: Error }[]): void {
  if (failures.length === 0) return;
  throw new Error(failures.map(({ name, error }) => `${name}: ${error.message}`).join('\n'));
}

function sum(counts: ReadonlyMap<string, number>): number {
  return counts.values().reduce((total, count) => total + count, 0);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
