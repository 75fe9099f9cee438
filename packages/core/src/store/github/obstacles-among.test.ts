import { describe, expect, it } from '@jest/globals';
import { openFakeStore, repository } from '../../../testing/fake-store.ts';
import type { Obstacle, Planned } from '../obstacles.ts';

type Options = Parameters<typeof openFakeStore>[1];
type Tokens = NonNullable<NonNullable<Options>['tokens']>;
type Seed = Parameters<typeof openFakeStore>[0];

const nothing: Planned = { newIndexes: [], isOwnToken: false, pages: false };
const pusher = { contents: 'write' } as const;
const owner = { ...pusher, administration: 'write' } as const;

describe('what stands in the way of publishing', () => {
  it.each<[string, Tokens[string], Seed, Partial<Planned>, string, string]>([
    [
      'a token of a reader',
      { contents: 'read' },
      {},
      { isOwnToken: true },
      'fails',
      'got that of somebody who may not push (set GH_TOKEN to one of somebody who may)',
    ],
    [
      'a token without scopes',
      { ...pusher, scopes: [] },
      {},
      { isOwnToken: true },
      'fails',
      'got one without any scope (set GH_TOKEN to one with the scope public_repo)',
    ],
    [
      'a token for public repositories in a private one',
      { ...pusher, scopes: ['gist', 'public_repo'] },
      { private: true },
      { isOwnToken: true },
      'fails',
      'got one with the scopes gist, public_repo (set GH_TOKEN to one with the scope repo)',
    ],
    [
      'an archived repository',
      pusher,
      { archived: true },
      { isOwnToken: true },
      'fails',
      'got an archived one (Settings, Danger Zone: Unarchive this repository)',
    ],
    [
      'no pages',
      pusher,
      {},
      { pages: true },
      'fails',
      'expected GitHub Pages, as bakery.yaml says site: required, got none (Settings, Pages: Source: GitHub Actions',
    ],
    [
      'no environment',
      pusher,
      {},
      { environment: 'signing' },
      'fails',
      'expected the environment "signing" with the secret BAKERY_SIGNING_KEY, as bakery.yaml says sign: required, got none (Settings, Environments: New environment "signing"',
    ],
    [
      'no environment in a private repository, which may have none',
      pusher,
      { private: true },
      { environment: 'signing' },
      'may fail',
      'expected the environment "signing"',
    ],
    [
      'an environment without the key, as who may list its secrets sees it',
      { ...pusher, environments: 'read' },
      { environments: { signing: ['OTHER'] } },
      { environment: 'signing', isOwnToken: true },
      'may fail',
      'expected the secret BAKERY_SIGNING_KEY in the environment "signing", as bakery.yaml says sign: required, got an environment without it (Settings, Environments, signing: Add environment secret;',
    ],
    [
      'immutable releases, as an owner sees them',
      owner,
      { immutableReleases: true },
      { isOwnToken: true, newIndexes: ['k3s'] },
      'fails',
      'expected release k3s, an index that is not there yet, to be changeable, got immutable releases (Settings, General, Releases',
    ],
    [
      'immutable releases, as others see them',
      pusher,
      { immutableReleases: true, releases: [{ tag: 'k3s-1' }] },
      { newIndexes: ['k3s'] },
      'may fail',
      'but the newest release, k3s-1, is immutable (Settings, General, Releases',
    ],
  ])('names %s', async (_what, permissions, seed, planned, verdict, words) => {
    const { obstacles, violations } = await look(permissions, seed, planned);
    const told = obstacles.map(
      ({ problem, remedy, isSure }) => `${isSure ? 'fails' : 'may fail'}: ${problem} (${remedy})`,
    );
    const start = `${verdict}: github:${repository}: expected`;
    expect(told).toEqual([expect.stringContaining(words)]);
    expect(told).toEqual([expect.stringContaining(start)]);
    expect(violations).toEqual([]);
  });

  it('finds nothing where all is well, in three requests, and one more for who may list secrets', async () => {
    const seed: Seed = {
      pages: 'workflow',
      environments: { signing: ['BAKERY_SIGNING_KEY'] },
      releases: [{ tag: 'k3s-1' }],
    };
    const planned = {
      isOwnToken: true,
      pages: true,
      environment: 'signing',
      newIndexes: ['k3s', 'SHA256SUMS'],
    };
    for (const permissions of [
      pusher,
      { ...owner, environments: 'read' as const, scopes: ['repo', 'gist'] },
    ]) {
      const mine = await look(permissions, seed, planned);
      expect(mine).toEqual({ obstacles: [], requests: 4, violations: [] });
    }
    const ofWorkflow = await look(pusher, seed, { ...planned, isOwnToken: false });
    expect(ofWorkflow).toEqual({ obstacles: [], requests: 3, violations: [] });
  });

  it('cannot tell whether the environment has the key for who may not list its secrets', async () => {
    const seed: Seed = { environments: { signing: [] } };
    for (const isOwnToken of [true, false]) {
      expect((await look(pusher, seed, { environment: 'signing', isOwnToken })).obstacles).toEqual([]);
    }
  });

  it('asks nothing where nothing is needed', async () => {
    expect(await look(pusher, {}, {})).toEqual({ obstacles: [], requests: 0, violations: [] });
  });

  it('believes a token of an app, which is no person', async () => {
    expect((await look({ contents: 'read' }, {}, { isOwnToken: true }, 'ghs_test')).obstacles).toEqual([]);
  });

  it('wants a token at all', async () => {
    const { obstacles } = await look(pusher, {}, { isOwnToken: true }, '');
    expect(obstacles.map(({ problem }) => problem)).toEqual([
      `github:${repository}: expected a token that may write releases, got none`,
    ]);
  });
});

async function look(
  permissions: Tokens[string],
  seed: Seed,
  planned: Partial<Planned>,
  token = 'mine',
): Promise<{ obstacles: readonly Obstacle[]; requests: number; violations: readonly string[] }> {
  await using world = await openFakeStore(seed, token === '' ? {} : { tokens: { [token]: permissions } });
  const obstacles = await world.store(token).obstacles({ ...nothing, ...planned });
  const requests = [...world.fake.requests().values()].reduce((sum, count) => sum + count, 0);
  return { obstacles, requests, violations: world.fake.violations() };
}
