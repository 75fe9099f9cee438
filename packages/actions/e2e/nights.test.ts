import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openBakery, type Bakery } from '@bakery/core/src/bakery/open-bakery.ts';
import { tagOf } from '@bakery/core/src/names/tag.ts';
import { recipeArches } from '@bakery/core/src/recipe/recipe-arches.ts';
import { checkReleases } from '@bakery/core/src/release/check/check-releases.ts';
import { updateExtensionMetadata } from '@bakery/core/src/release/metadata/metadata.ts';
import { updateMetadata } from '@bakery/core/src/release/metadata/update-metadata.ts';
import { publishVersion } from '@bakery/core/src/release/publish/publish.ts';
import { parseManifest } from '@bakery/core/src/sysupdate/manifest.ts';
import { fastClock, fastStore, type FastClock } from '@bakery/core/testing/fast-store.ts';
import { sampleImages } from '@bakery/core/testing/sample-images.ts';
import { sha256 } from '@bakery/core/testing/sample-releases.ts';
import { startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { referenceBakery, type ReferenceBakery } from '@bakery/testbed/reference-bakery.ts';
import { jobsOf } from '../src/matrix.ts';
import { planRun } from '../src/plan-run.ts';

const [minute, day] = [60_000, 24 * 3_600_000];
const most = 10; // nights, before something is wrong

it('serves every extension of a fork after its first night, and has the whole release list after the second, though others use up an hour of its token', async () => {
  const clock = fastClock(Date.UTC(2026, 10, 27, 3, 17));
  await using world = await referenceBakery({
    factor: 0,
    releasesEach: 0,
    isFresh: true,
    github: { clock: clock.now },
  });
  const nights: Night[] = [];
  const built = new Set<string>();
  do {
    const began = clock.now();
    world.forget();
    nights.push(await night(world, clock, built));
    if (nights.length === 1) {
      await expectAllServed(world);
      await expectUpdates(world);
    }
    clock.pass(Math.max(0, began + day - clock.now()));
  } while (nights.at(-1)?.deferred !== 0 && nights.length < most);
  process.stdout.write(`${nights.map((one) => JSON.stringify(one)).join('\n')}\n`);
  for (const { requests, estimated } of nights) {
    expect(Math.abs(requests - estimated)).toBeLessThanOrEqual(requests / 10);
  }
  expect(nights).toHaveLength(2);
  await expectAllServed(world);
  // Once more, and nothing is left to do.
  world.forget();
  expect(await night(world, clock, built)).toMatchObject({ built: 0, deferred: 0, writes: 0 });
  expect(world.fake.violations()).toEqual([]);
});

interface Night {
  readonly built: number;
  readonly deferred: number;
  /** Of the hourly requests, as far as the stand-in counts them. */
  readonly requests: number;
  /** What was planned of them. */
  readonly estimated: number;
  readonly writes: number;
  readonly minutes: number;
}

/** What bake.yaml does, job after job, each with a client and a store of its own. */
async function night(world: ReferenceBakery, clock: FastClock, built: Set<string>): Promise<Night> {
  const began = clock.now();
  // Recipes are read once for all jobs, which saves minutes.
  const bakery = await openBakery({ recipes: [world.io.ownRecipes] }, world.io);
  const open = (): Bakery => ({ ...bakery, store: fastStore(world, clock) });
  const check = open();
  const asked = (await check.releaseList()).map((entry) => ({ ...entry, why: 'pinned' as const }));
  const { plan, failures, tags } = await checkReleases(asked, check);
  expect(failures).toEqual([]);
  const extensions = [...new Set(asked.map(({ name }) => name))];
  const limits = { maxBuilds: 256, hours: 2, extensions, tags };
  const { chosen, deferred, cost } = await planRun(plan.build, limits, check);
  for (const { wanted } of chosen) {
    expect(built).not.toContain(tagOf(wanted));
    built.add(tagOf(wanted));
  }
  clock.pass(10 * minute);
  const robbed = built.size === chosen.length ? await spendAll(world) : 0;
  for (const { extension, version, index } of jobsOf(chosen)) {
    clock.pass(minute / 2);
    const job = open();
    const loaded = await job.recipeBook.find(extension);
    await using folder = await mkdtempDisposable(join(tmpdir(), 'nights-'));
    const images = await sampleImages(extension, version, recipeArches(loaded.recipe), folder.path);
    expect(await publishVersion(loaded, images, job)).toBe('published');
    if (index) {
      const context = { ...job, names: job.recipeBook.names };
      expect(await updateExtensionMetadata(extension, loaded.recipe, context)).toBe('written');
    }
  }
  clock.pass(minute);
  const updated = await updateMetadata(extensions, open());
  expect(updated).toEqual({ written: chosen.length > 0 ? ['SHA256SUMS'] : [], postponed: [], failures: [] });
  const { fake } = world;
  const calls = fake.requests(['api', 'uploads']);
  calls.delete('GET /rate_limit');
  return {
    built: chosen.length,
    deferred: deferred.length,
    // An upload counts twice.
    requests: total(calls) + total(fake.requests(['uploads'])) - robbed,
    estimated: cost?.requests ?? 0,
    writes: total(fake.writes(['api', 'uploads'])),
    minutes: Math.round((clock.now() - began) / minute),
  };
}

/** Whoever shares the token uses up the hour after the first images are built: they wait, and none is built again. */
async function spendAll({ fake, io, repo }: ReferenceBakery): Promise<number> {
  const headers = { authorization: `Bearer ${io.env['GITHUB_TOKEN'] ?? ''}`, 'user-agent': 'somebody' };
  for (let spent = 1; ; spent++) {
    const answer = await fetch(`${fake.apiUrl}/repos/${repo}`, { headers });
    await answer.body?.cancel();
    if (answer.headers.get('x-ratelimit-remaining') === '0') return spent;
  }
}

function total(counts: ReadonlyMap<string, number>): number {
  return counts.values().reduce((sum, count) => sum + count, 0);
}

/** Every extension has an index whose images lie beside it, and the index of everything names them all. */
async function expectAllServed({ fake, repo, recipes }: ReferenceBakery): Promise<void> {
  const all = (await fake.read(repo, 'SHA256SUMS', 'SHA256SUMS')).toString();
  for (const name of recipes) {
    const index = (await fake.read(repo, name, 'SHA256SUMS')).toString();
    const entries = parseManifest(index, name);
    expect(entries.length).toBeGreaterThan(0);
    for (const entry of entries) {
      expect(sha256(await fake.read(repo, name, entry.name))).toBe(entry.sha256);
      expect(all).toContain(`${entry.sha256}  ${entry.name}\n`);
    }
  }
}

/** A real host gets an image of every extension, by the files that are published for it. */
async function expectUpdates({ fake, repo, recipes }: ReferenceBakery): Promise<void> {
  await using host = await startHost(await debianRoot());
  await host.run('mkdir', ['/etc/extensions']);
  for (const name of recipes) {
    const transfer = await fake.read(repo, name, `${name}.conf`);
    await host.write(`/etc/sysupdate.${name}.d/${name}.conf`, transfer.toString());
    const { code, stderr } = await host.run('systemd-sysupdate', ['-C', name, 'update']);
    expect({ name, code, stderr: code === 0 ? '' : stderr }).toEqual({ name, code: 0, stderr: '' });
    const target = await host.run('readlink', ['--canonicalize-existing', `/etc/extensions/${name}.raw`]);
    expect(target).toMatchObject({ code: 0, stdout: expect.stringMatching(/-x86-64\.raw\n$/) });
  }
}
