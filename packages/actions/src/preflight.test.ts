import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { type FakeGithub, startFakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { runStep, type StepResult } from '../testing/run-entry.ts';

const repository = 'baker/bakery';
type Seed = Parameters<FakeGithub['addRepo']>[1];

let world: ExampleBakery;
let github: FakeGithub;
beforeAll(async () => {
  world = await exampleBakery();
  await world.putOut('alpha', '1.0.0');
  await world.write('release_build_versions.txt', 'alpha latest\n');
});
beforeEach(async () => {
  await world.write('bakery.yaml', 'sign: required\nsite: required\n');
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

it('builds nothing where nothing could be published, and names all there is to click', async () => {
  await using stand = await standIn({});
  const { code, outputs, log, summary } = await check();
  expect({ code, outputs, writes: stand.writes() }).toEqual({ code: 1, outputs: {}, writes: new Map() });
  expect(log).toContain('nothing is built, as nothing could be published:');
  expect(log).toMatch(/expected GitHub Pages, .* got none \(Settings, Pages: Source: GitHub Actions/);
  expect(log).toMatch(/expected the environment "signing" .* \(Settings, Environments: New environment/);
  expect(summary).toContain('Settings, Environments');
});

it('asks three times on the first night and says what may stand in the way', async () => {
  await using stand = await standIn({
    environments: { signing: [] },
    pages: 'workflow',
    immutableReleases: true,
    releases: [{ tag: 'other-1' }],
  });
  const { outputs, log, summary } = await check();
  expect(outputs['has-builds']).toBe('true');
  expect(log).toMatch(/the newest release, other-1, is immutable \(Settings, General, Releases: turn off/);
  expect(summary).toContain('May stand in the way of publishing');
  const looks = [...stand.requests()].filter(([route]) => /environments|repo}$|\/releases$/.test(route));
  expect(looks.map(([, count]) => count)).toEqual([1, 1, 1]);
});

it('asks nothing of it where nothing is to be built', async () => {
  await using stand = await standIn({ releases: [{ tag: 'alpha-1.0.0' }, { tag: 'alpha' }] });
  const { code, outputs } = await check();
  expect([code, outputs['has-builds']]).toEqual([0, 'false']);
  expect([...stand.requests().keys()].filter((route) => /environments|repo}$/.test(route))).toEqual([]);
});

async function standIn(seed: Seed): Promise<FakeGithub> {
  github = await startFakeGithub();
  github.addRepo(repository, seed);
  return github;
}

async function check(): Promise<StepResult> {
  const result = await runStep({
    entry: 'check-releases',
    cwd: world.folder,
    env: {
      ...world.env,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
      GITHUB_SERVER_URL: github.serverUrl,
      GITHUB_TOKEN: 'test-token',
    },
  });
  expect(github.violations()).toEqual([]);
  return result;
}
