import { describe, expect, it } from '@jest/globals';
import { pace, type Paced } from './pace.ts';

const write: Paced = { method: 'PATCH', url: '/repos/o/r/releases/assets/1', isUrgent: false };
const release: Paced = { method: 'POST', url: '/repos/o/r/releases', isUrgent: false };

describe('the pace', () => {
  it.each<[string, Paced[], number[]]>([
    ['sends one write a second', [write, write, write], [0, 1000, 2000]],
    ['sends one new release in three', [release, write, release], [0, 3000, 4000]],
    ['lets questions pass', [write, { ...write, method: 'GET' }, { ...write, method: 'HEAD' }], [0, 0, 0]],
    ['takes GraphQL for questions', [write, { ...write, method: 'POST', url: '/graphql' }], [0, 0]],
    [
      'sends an urgent one at once, and the next one waits for both',
      [write, { ...write, isUrgent: true }, write],
      [0, 0, 2000],
    ],
  ])('%s', async (_case, requests, expected) => {
    expect(await sentAt(requests)).toEqual(expected);
  });

  it('does not make up for time in which nothing was sent', async () => {
    const clock = stoppedClock();
    const { turn } = pace(1000, clock);
    await turn(write);
    await clock.sleep(60_000);
    await turn(write);
    await turn(write);
    expect(clock.now()).toBe(61_000);
  });

  it('counts what creates against the hour, and no removals', async () => {
    const { turn, creationsLeft } = pace(0);
    for (const method of ['POST', 'PATCH', 'DELETE', 'GET']) await turn({ ...write, method });
    expect(creationsLeft()).toBe(498);
  });
});

/** When each request was sent, in milliseconds since the first; answers take no time. */
async function sentAt(requests: readonly Paced[]): Promise<number[]> {
  const clock = stoppedClock();
  const { turn } = pace(1000, clock);
  const times: number[] = [];
  for (const request of requests) {
    await turn(request);
    times.push(clock.now());
  }
  return times;
}

function stoppedClock() {
  let time = 0;
  return { now: () => time, sleep: async (ms: number) => void (time += ms) };
}
