import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unlimited } from '@bakery/core/testing/fake-store.ts';
import { fastClock } from '@bakery/core/testing/fast-store.ts';
import { type FakeGithub, startFakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { liveBakery, repository } from './live.ts';
import { madeUpWorld } from './made-up-world.ts';
import { type Expected, modelOf } from './model.ts';
import { type Size, writeScript } from './script.ts';

/** What one night cost. */
export interface Night {
  readonly requests: number;
  readonly writes: number;
  readonly releases: number;
}

export interface Years extends AsyncDisposable {
  readonly fake: FakeGithub;
  readonly expected: ReadonlyMap<string, Expected>;
  readonly nights: readonly Night[];
  /** The first of them. */
  readonly start: number;
}

const start = Date.UTC(2026, 0, 1, 3, 17);
const day = 86_400_000;
export const keys = ['first key', 'second key'] as const;

/**
 * Lets a bakery live through all that the script says, on the stand-in of GitHub and beside the model. `tell` hears of
 * every night that is over.
 */
export async function liveThrough(
  size: Size,
  tell: (night: number, cost: Night) => void = () => {},
): Promise<Years> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'years-cache-'))).path;
  const clock = fastClock(start);
  const fake = stack.use(await startFakeGithub({ clock: clock.now, limits: unlimited }));
  fake.addRepo(repository);
  const script = writeScript(size);
  const model = modelOf(script);
  const world = madeUpWorld(script.extensions, { folder, start, now: clock.now });
  const bakery = liveBakery(world, clock, {
    GITHUB_API_URL: fake.apiUrl,
    GITHUB_GRAPHQL_URL: fake.graphqlUrl,
    GITHUB_SERVER_URL: fake.serverUrl,
    GITHUB_TOKEN: 'test-token',
  });
  const nights: Night[] = [];
  for (const [night, events] of script.events.entries()) {
    clock.pass(Math.max(0, start + night * day - clock.now()));
    const key = keys[night < script.rotation ? 0 : 1];
    fake.clearLog();
    const before = fake.releases(repository).length;
    for (const event of events) world.happen(event, night);
    const deeds = model.night(night);
    const isDown = script.outages.has(night);
    if (isDown) fake.addFault({ route: '*', times: Infinity, effect: { kind: 'status', status: 503 } });
    const run = bakery.run(key, (name) => model.isBroken(name, night));
    if (isDown) {
      if (
        await run.then(
          () => true,
          () => false,
        )
      )
        throw new Error(`night ${night}: nobody noticed that GitHub is down`);
      fake.heal();
    } else await run;
    for (const deed of deeds) await bakery.act(deed, key);
    const cost = {
      requests: total(fake.requests(['api', 'uploads'])),
      writes: total(fake.writes(['api', 'uploads'])),
      releases: fake.releases(repository).length - before,
    };
    nights.push(cost);
    tell(night, cost);
  }
  const owned = stack.move();
  return {
    fake,
    expected: model.expected(),
    nights,
    start,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function total(counts: ReadonlyMap<string, number>): number {
  return counts.values().reduce((sum, count) => sum + count, 0);
}
