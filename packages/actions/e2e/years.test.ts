import { expect, it } from '@jest/globals';
import { differences } from '../testing/years/end-state.ts';
import { liveThrough } from '../testing/years/years.ts';

// Two years of 40 extensions take minutes: pnpm bench years.
it('ends as a model says after nights of versions, failures, revisions, yanks, ends of life, a new key and an outage', async () => {
  await using years = await liveThrough({ extensions: 4, nights: 45, seed: 31 });
  expect(await differences(years)).toEqual([]);
  const { nights, expected } = years;
  const quiet = nights.at(-1);
  expect(quiet).toMatchObject({ writes: 0, releases: 0 });
  const all = [...expected.values()];
  process.stdout.write(
    `${nights.reduce((sum, night) => sum + night.releases, 0)} releases, a quiet night asks ${quiet?.requests} times\n`,
  );
  // The script holds what it promises.
  const seen = {
    revised: all.some(({ published }) => published.some((version) => version.includes('-r'))),
    withdrawn: all.some(({ withdrawn }) => withdrawn.length > 0),
    ended: all.some(({ ended, published }) =>
      published.some((version) => ended.has(Number(version.split('.')[0]))),
    ),
    issues: all.some(({ issues }) => issues.opened > 0),
  };
  expect(seen).toEqual({ revised: true, withdrawn: true, ended: true, issues: true });
});
