import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startFakeGithub, type FakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { endState, unlimited } from '../../../testing/fake-store.ts';
import { storeAt } from '../../../testing/hurried-store.ts';
import { scenarios } from '../../../testing/scenario.ts';

/** A place in the life of a run: its requests count from 1. */
interface Point {
  readonly request: number;
  readonly moment: 'before' | 'during' | 'after';
}

const parallel = 2;

describe.each(['publish', 'replace', 'firstIndex'] as const)('%s', (name) => {
  const scenario = scenarios[name];

  it('ends as if undisturbed when it is killed at any moment of any request and run again', async () => {
    await using fake = await startFakeGithub({ limits: unlimited });
    const points = await undisturbed(fake);
    expect(points.length).toBeGreaterThan(12);
    const wanted = endState(fake, 'octo/calm');
    const shares = Array.from({ length: parallel }, (_, share) =>
      points.filter((_point, n) => n % parallel === share),
    );
    const pairs = new Set<string>();
    await Promise.all(shares.map((share) => disturb(share, wanted, pairs)));
    expect(fake.violations()).toEqual([]);
    expect([...pairs].toSorted()).toEqual(pairsAfterKills[name]);
  });

  /** Runs the job in peace; answers every point at which another run can be killed. */
  async function undisturbed(fake: FakeGithub): Promise<readonly Point[]> {
    const points: Point[] = [];
    let request = 0;
    fake.addRepo('octo/calm', scenario.seed);
    fake.onRequest(({ moment }) => {
      request += moment === 'before' ? 1 : 0;
      points.push({ request, moment });
    });
    await using folder = await mkdtempDisposable(join(tmpdir(), 'calm-'));
    await scenario.run(storeAt(fake, 'test-token', 'calm'), folder.path);
    fake.onRequest(() => {});
    return points;
  }

  /** `pairs` gets what hosts find of the manifest and its signature after each kill, before the next run. */
  async function disturb(points: readonly Point[], wanted: unknown, pairs: Set<string>): Promise<void> {
    await using fake = await startFakeGithub({ limits: unlimited });
    for (const point of points) {
      const repo = `killed-${point.moment}-${point.request}`;
      fake.addRepo(`octo/${repo}`, scenario.seed);
      await using folder = await mkdtempDisposable(join(tmpdir(), 'killed-'));
      const scratch = join(folder.path, 'scratch');
      await mkdir(scratch);
      await killAt(fake, point, repo, folder.path, scratch);
      pairs.add(await pairIn(fake, `octo/${repo}`));
      await scenario.run(storeAt(fake, 'test-token', repo, scratch), folder.path);
      expect({ repo, ...endState(fake, `octo/${repo}`) }).toEqual({ repo, ...Object(wanted) });
      expect(await readdir(scratch)).toEqual([]);
    }
    expect(fake.violations()).toEqual([]);
  }

  async function killAt(
    fake: FakeGithub,
    point: Point,
    repo: string,
    folder: string,
    scratch: string,
  ): Promise<void> {
    const { apiUrl, graphqlUrl, serverUrl } = fake;
    const script = `
      import { storeAt } from ${pathOfSupport('hurried-store.ts')};
      import { scenarios } from ${pathOfSupport('scenario.ts')};
      const store = storeAt(${JSON.stringify({ apiUrl, graphqlUrl, serverUrl })}, 'test-token', '${repo}', ${JSON.stringify(scratch)});
      await scenarios.${name}.run(store, ${JSON.stringify(folder)});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const exit = once(child, 'exit');
    let request = 0;
    fake.onRequest(async ({ moment }) => {
      request += moment === 'before' ? 1 : 0;
      if (request !== point.request || moment !== point.moment) return undefined;
      child.kill('SIGKILL');
      await exit;
      return 'drop';
    });
    const [, signal] = await exit;
    fake.onRequest(() => {});
    expect({ repo, signal }).toEqual({ repo, signal: 'SIGKILL' });
  }
});

/** A signature is never there before its manifest; what lacks a part is refused by hosts, which stay as they are. */
const pairsAfterKills = {
  publish: ['no manifest, no signature'],
  replace: [
    'new manifest, new signature',
    'new manifest, no signature',
    'new manifest, old signature',
    'no manifest, old signature',
    'old manifest, old signature',
  ],
  firstIndex: ['new manifest, new signature', 'no manifest, no signature'],
};

async function pairIn(fake: FakeGithub, fullName: string): Promise<string> {
  const index = fake.releases(fullName).find(({ tag, draft }) => tag === 'a' && !draft);
  const age = async (name: string, old: string): Promise<string> => {
    if (index?.assets.some((asset) => asset.name === name && asset.state === 'uploaded') !== true)
      return 'no';
    return String(await fake.read(fullName, 'a', name)) === old ? 'old' : 'new';
  };
  const [manifest, signature] = [
    await age('SHA256SUMS', 'old'),
    await age('SHA256SUMS.gpg', 'signature of old'),
  ];
  return `${manifest} manifest, ${signature} signature`;
}

/** As a literal for a script. */
function pathOfSupport(file: string): string {
  return JSON.stringify(join(import.meta.dirname, '../../../testing', file));
}
