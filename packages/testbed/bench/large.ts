// `pnpm bench large`: ten times the reference bakery, with projects of 1,000 releases: how long a check takes when every
// answer of GitHub takes 100 ms, and how many runs metadata takes within what a token may do in an hour. Ends with 1 when
// a budget is exceeded.
import { setTimeout as sleep } from 'node:timers/promises';
import { openBakery, type Bakery } from '@bakery/core/src/bakery/open-bakery.ts';
import { checkReleases } from '@bakery/core/src/release/check/check-releases.ts';
import { publishedVersions } from '@bakery/core/src/release/history/published-versions.ts';
import { updateExtensionMetadata } from '@bakery/core/src/release/metadata/metadata.ts';
import { updateMetadata } from '@bakery/core/src/release/metadata/update-metadata.ts';
import { streamsOf } from '@bakery/core/src/sysupdate/streams.ts';
import { fastClock, fastStore } from '@bakery/core/testing/fast-store.ts';
import { referenceBakery } from '../src/reference-bakery.ts';

const measured = 'kubernetes';
const latency = 100; // milliseconds
const longestCheck = 20; // seconds
const clock = fastClock(Date.UTC(2026, 10, 27, 3, 17));
await using world = await referenceBakery({ factor: 10, releasesEach: 1000, github: { clock: clock.now } });
const { fake, io, repo } = world;

// The stand-in’s own computing takes longer than that, and is left out.
const computing = new Map<number, number>();
let computed = 0;
let until = 0;
fake.onRequest(async ({ request, moment }) => {
  if (moment === 'before') {
    await sleep(latency);
    computing.set(request.n, performance.now());
  } else if (moment === 'after') {
    const now = performance.now();
    computed += now - Math.max(until, computing.get(request.n) ?? now);
    until = now;
  }
});
for (let minor = 1; streamsOfMeasured().size < 30; minor++) {
  fake.addRelease(repo, {
    tag: `${measured}-v2.${minor}.0`,
    assets: [{ name: `${measured}-v2.${minor}.0-x86-64.raw` }],
  });
}
world.forget();
const checking = await openBakery({ recipes: ['recipes'], store: `github:${repo}` }, io);
const asked = (await checking.releaseList()).map((entry) => ({ ...entry, why: 'pinned' as const }));
const began = performance.now();
const { plan, failures } = await checkReleases(asked, checking);
const seconds = (performance.now() - began - computed) / 1000;
if (failures.length > 0) throw new Error(failures.map(({ error }) => error.message).join('\n'));
fake.onRequest(() => {});
print(`${world.recipes.length} recipes, ${fake.releases(repo).length} releases, projects of 1,000 releases`);
print(
  `check, at ${latency} ms: ${seconds.toFixed(1)} s without the ${(computed / 1000).toFixed(0)} s of the stand-in, ${fake.log.length} requests, ${plan.build.length} to build`,
);
if (seconds > longestCheck) process.exitCode = 1;

const { recipe } = await checking.recipeBook.find(measured);
const versions = await publishedVersions(measured, { ...checking, names: checking.recipeBook.names });
print(`${measured}: ${versions.length} versions, ${streamsOf(versions, recipe.streams).length} streams`);
await count(`metadata of ${measured}, for the first time`, async (job) => {
  const result = await updateExtensionMetadata(measured, recipe, { ...job, names: job.recipeBook.names });
  return typeof result === 'string' ? 0 : result.files;
});
await count('metadata of everything, for the first time', async (job) => {
  const { failures: failed, postponed } = await updateMetadata(world.recipes, job);
  if (failed.length > 0) throw new Error(failed.map(({ error }) => error.message).join('\n'));
  return postponed.length;
});
await count('metadata of everything, nothing new', async (job) => {
  const { postponed } = await updateMetadata(world.recipes, job);
  return postponed.length;
});
const broken = fake.violations();
if (broken.length > 0) throw new Error(broken.join('\n'));

function streamsOfMeasured(): ReadonlySet<string> {
  const tags = fake.releases(repo).map(({ tag }) => tag);
  return new Set(tags.flatMap((tag) => new RegExp(`^${measured}-(v\\d+\\.\\d+)`).exec(tag)?.[1] ?? []));
}

/** Runs `work` night after night until it leaves nothing to the next one. */
async function count(name: string, work: (job: Bakery) => Promise<number>): Promise<void> {
  clock.pass(24 * 3_600_000);
  for (let run = 1; ; run++) {
    const start = clock.now();
    world.forget();
    const left = await work({ ...checking, store: fastStore(world, clock) });
    const writes = fake
      .writes(['api', 'uploads'])
      .values()
      .reduce((sum, one) => sum + one, 0);
    const minutes = Math.round((clock.now() - start) / 60_000);
    print(
      `${name}, run ${run}: ${writes} writes, ${fake.log.length} requests in all, ${minutes} min, ${left} left`,
    );
    if (left === 0) return;
    clock.pass(24 * 3_600_000);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
