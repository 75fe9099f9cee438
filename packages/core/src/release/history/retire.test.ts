import { describe, expect, it } from '@jest/globals';
import { Retention } from '../../recipe/retention.ts';
import { retire, type RetireRule } from './retire.ts';
import type { Retirements } from './retired.ts';

const now = Date.UTC(2027, 0, 1);
const since = '2027-01-01T00:00:00.000Z';
const day = 86_400_000;
const versions = ['2.1.1', '2.1.0', '2.0.0', '1.9.0-r1', '1.9.0', '1.8.0'];
/** Each a day older than the one before it. */
const offered = versions.map((version, index) => ({ version, publishedAt: now - index * day }));

function retired(policy: object, more: Partial<RetireRule> = {}, remembered: Retirements = new Map()) {
  const rule = { policy: Retention.parse(policy), needed: new Set<string>(), isSure: true, now, ...more };
  return [...retire(offered, remembered, ['major'], rule).keys()];
}

describe('what is retired', () => {
  it.each<[string, object, string[]]>([
    ['all but the newest of each stream', { keep: 1 }, ['2.1.0', '2.0.0', '1.9.0', '1.8.0']],
    ['all but the two newest of each stream', { keep: 2 }, ['2.0.0', '1.8.0']],
    ['what was published before a day', { since: '2026-12-31' }, ['2.0.0', '1.9.0', '1.8.0']],
    ['what neither keeps', { keep: 2, since: '2026-12-30' }, ['1.8.0']],
    ['nothing while there are few', { keep: 3 }, []],
  ])('is %s', (_what, policy, expected) => {
    expect(retired(policy)).toEqual(expected);
  });

  it('is never what the release list wants, in any revision', () => {
    expect(retired({ keep: 1 }, { needed: new Set(['1.9.0', '2.0.0']) })).toEqual(['2.1.0', '1.8.0']);
  });

  it('is nothing new while nobody knows what is wanted', () => {
    const remembered = new Map([['1.8.0', { since, why: 'x' }]]);
    expect(retired({ keep: 1 }, { isSure: false }, remembered)).toEqual(['1.8.0']);
    expect(retired({ keep: 1 }, { isSure: false, needed: new Set(['1.8.0']) }, remembered)).toEqual([]);
  });

  it('is remembered with the day it began and the reason, also when its release is gone', () => {
    const first = { since: '2026-06-01T00:00:00.000Z', why: 'of each stream only the newest 9 are kept' };
    const remembered = new Map([
      ['1.0.0', first],
      ['1.8.0', first],
    ]);
    const rule = { policy: Retention.parse({ keep: 2 }), needed: new Set<string>(), isSure: true, now };
    expect(retire(offered, remembered, ['major'], rule)).toEqual(
      new Map([
        ['1.0.0', first],
        ['2.0.0', { since, why: 'of each stream only the newest 2 are kept' }],
        ['1.8.0', first],
      ]),
    );
    expect(retire(offered, remembered, [], { ...rule, policy: undefined })).toEqual(
      new Map([['1.0.0', first]]),
    );
  });
});
