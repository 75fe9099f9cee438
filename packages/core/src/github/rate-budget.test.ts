import { expect, it } from '@jest/globals';
import { startFakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { fastClock } from '../../testing/fast-store.ts';
import { silentReport } from '../ports/report.ts';
import { githubClient } from './client.ts';
import { githubConfig } from './config.ts';
import { requireBudget } from './rate-budget.ts';

const hour = 3600; // seconds

it.each([
  { hours: 0, robbed: 0, wait: 0, outcome: 'has room' },
  { hours: 1, robbed: 0, wait: hour + 60, outcome: 'has room' },
  { hours: 2, robbed: 1, wait: 2 * hour + 60, outcome: 'has room' },
  { hours: 1, robbed: 1, wait: hour + 60, outcome: 'GithubBusy' },
])(
  'waits $hours hours where $robbed more are used up by others and $wait s are allowed: $outcome',
  async ({ hours, robbed, wait, outcome }) => {
    const clock = fastClock(Date.UTC(2026, 10, 27, 3, 17));
    const began = clock.now();
    await using fake = await startFakeGithub({ clock: clock.now, limits: { core: 5 } });
    fake.addRepo('octo/bakery');
    const spend = async (): Promise<void> => {
      for (let n = 0; n < 5; n++) {
        const headers = { authorization: 'Bearer test-token', 'user-agent': 'somebody' };
        await (await fetch(`${fake.apiUrl}/repos/octo/bakery`, { headers })).body?.cancel();
      }
    };
    let times = 0;
    const sleep = async (ms: number): Promise<void> => {
      await clock.sleep(ms);
      if (times++ < robbed) await spend();
    };
    const env = { GITHUB_API_URL: fake.apiUrl, GITHUB_TOKEN: 'test-token' };
    const client = githubClient(githubConfig(env), {
      report: silentReport,
      clock: { ...clock, sleep },
      longestWait: wait,
    });
    if (hours > 0) await spend();
    const got = await requireBudget(client, 3, 'release a-1').then(
      () => 'has room',
      (error: unknown) => (error instanceof Error ? error.constructor.name : error),
    );
    expect(got).toBe(outcome);
    expect(Math.round((clock.now() - began) / 1000 / hour)).toBe(hours);
    expect(fake.violations()).toEqual([]);
  },
);
