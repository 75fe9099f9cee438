import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { startFakeGithub, type FakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { endState, unlimited } from './fake-store.ts';
import { storeAt } from './hurried-store.ts';
import { sha256 } from './sample-releases.ts';
import type { Scenario } from './scenario.ts';

/** A place in the life of a run: its requests count from 1. */
interface Point {
  readonly request: number;
  readonly moment: 'before' | 'during' | 'after';
}

/** A scenario that another process can find: `from[name]` of a file beside this one. */
export interface Named {
  readonly file: string;
  readonly from: string;
  readonly name: string;
  readonly scenario: Scenario;
  /** Looks at the repository after each kill, before the next run. */
  readonly look?: (fake: FakeGithub, fullName: string) => Promise<void>;
}

const parallel = 2;
const options = { limits: unlimited, clock: () => Date.UTC(2027, 0, 1) };

/**
 * Kills a job at every moment of every request, or of every write, runs it again, and expects the store to be as after a
 * run that nobody disturbed.
 */
export async function endsAsUndisturbed(named: Named, which: 'request' | 'write'): Promise<void> {
  await using fake = await startFakeGithub(options);
  const points = await undisturbed(fake, named, which);
  expect(points.length).toBeGreaterThan(which === 'request' ? 12 : 4);
  const wanted = await endOf(fake, 'calm');
  const shares = Array.from({ length: parallel }, (_, share) =>
    points.filter((_point, n) => n % parallel === share),
  );
  await Promise.all(shares.map((share) => disturb(share, named, wanted)));
  expect(fake.violations()).toEqual([]);
}

/** Runs the job in peace; answers every point at which another run can be killed. */
async function undisturbed(
  fake: FakeGithub,
  { scenario }: Named,
  which: 'request' | 'write',
): Promise<readonly Point[]> {
  const points: Point[] = [];
  await prepare(fake, 'calm', scenario);
  let number = 0;
  fake.onRequest(({ request, moment }) => {
    number += moment === 'before' ? 1 : 0;
    // What only reads changes nothing: before it all is as after the last write.
    if (which === 'request' || (request.isWrite && moment !== 'before'))
      points.push({ request: number, moment });
  });
  await using folder = await mkdtempDisposable(join(tmpdir(), 'calm-'));
  await scenario.run(storeAt(fake, 'test-token', 'calm'), folder.path);
  fake.onRequest(() => {});
  return points;
}

async function disturb(points: readonly Point[], named: Named, wanted: unknown): Promise<void> {
  const { scenario } = named;
  await using fake = await startFakeGithub(options);
  for (const point of points) {
    const repo = `killed-${point.moment}-${point.request}`;
    await prepare(fake, repo, scenario);
    await using folder = await mkdtempDisposable(join(tmpdir(), 'killed-'));
    const scratch = join(folder.path, 'scratch');
    await mkdir(scratch);
    await killAt(fake, point, repo, { ...named, folder: folder.path, scratch });
    await named.look?.(fake, `octo/${repo}`);
    await scenario.run(storeAt(fake, 'test-token', repo, scratch), folder.path);
    expect({ repo, end: await endOf(fake, repo) }).toEqual({ repo, end: wanted });
    expect(await readdir(scratch)).toEqual([]);
  }
  expect(fake.violations()).toEqual([]);
}

/** The end state, with hashes of texts as if all repositories had one name: catalogues and sysupdate files lead to their own. */
async function endOf(fake: FakeGithub, repo: string): Promise<readonly unknown[]> {
  const hashOf = async (tag: string, name: string): Promise<string> => {
    const text = String(await fake.read(`octo/${repo}`, tag, name));
    return sha256(text.replaceAll(fake.serverUrl, 'SERVER').replaceAll(`octo/${repo}`, 'REPO'));
  };
  const ends = endState(fake, `octo/${repo}`).releases.map(async (release) => ({
    ...release,
    assets: await Promise.all(
      release.assets.map(async (asset) =>
        leadsElsewhere.test(asset.name) ? { ...asset, digest: await hashOf(release.tag, asset.name) } : asset,
      ),
    ),
  }));
  return Promise.all(ends);
}

const leadsElsewhere = /\.transfer$|^catalogue\.json$/;

async function prepare(fake: FakeGithub, repo: string, { seed, prepare: before }: Scenario): Promise<void> {
  fake.addRepo(`octo/${repo}`, seed);
  await before?.(storeAt(fake, 'test-token', repo));
}

async function killAt(
  fake: FakeGithub,
  point: Point,
  repo: string,
  job: Named & { readonly folder: string; readonly scratch: string },
): Promise<void> {
  const { apiUrl, graphqlUrl, serverUrl } = fake;
  const script = `
    import { storeAt } from ${pathOfSupport('hurried-store.ts')};
    import { ${job.from} } from ${pathOfSupport(job.file)};
    const store = storeAt(${JSON.stringify({ apiUrl, graphqlUrl, serverUrl })}, 'test-token', '${repo}', ${JSON.stringify(job.scratch)});
    await ${job.from}.${job.name}.run(store, ${JSON.stringify(job.folder)});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit');
  let number = 0;
  fake.onRequest(async ({ moment }) => {
    number += moment === 'before' ? 1 : 0;
    if (number !== point.request || moment !== point.moment) return undefined;
    child.kill('SIGKILL');
    await exit;
    return 'drop';
  });
  const [, signal] = await exit;
  fake.onRequest(() => {});
  expect({ repo, signal }).toEqual({ repo, signal: 'SIGKILL' });
}

/** As a literal for a script. */
function pathOfSupport(file: string): string {
  return JSON.stringify(join(import.meta.dirname, file));
}
