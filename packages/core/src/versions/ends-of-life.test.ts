import { describe, expect, it } from '@jest/globals';
import { EndsOfLife, endsOfLifeAddress, lifeOf, parseLives } from './ends-of-life.ts';

const now = Date.UTC(2026, 10, 27);

function lives(...releases: readonly object[]) {
  return parseLives(JSON.stringify({ schema_version: '1.2.0', result: { releases } }), 'up', now);
}

describe('ends of life', () => {
  it('are told by their dates, and by what the document says where there is none', () => {
    expect(
      lives(
        { name: '26', isEol: false, eolFrom: '2029-04-30', isLts: false, ltsFrom: '2026-10-28' },
        { name: '24', isEol: false, eolFrom: '2026-11-27', isLts: true, ltsFrom: null },
        { name: '23', isEol: false, eolFrom: '2025-06-01', isLts: false, ltsFrom: null },
        { name: '0.12', isEol: true },
      ),
    ).toEqual([
      { series: '26', end: '2029-04-30', hasEnded: false, hasLts: true },
      { series: '24', end: '2026-11-27', hasEnded: false, hasLts: true },
      { series: '23', end: '2025-06-01', hasEnded: true, hasLts: false },
      { series: '0.12', hasEnded: true, hasLts: false },
    ]);
  });

  it.each(['', '<html>', '[]', '{"result":{}}', '{"result":{"releases":[{"name":1}]}}'])(
    'are refused in %j',
    (text) => {
      expect(() => parseLives(text, 'https://up', now)).toThrow('https://up: expected releases');
    },
  );

  it.each([
    ['v1.34.2+k3s1', '1.34'],
    ['1.3.4', '1'],
    ['10.0.0', undefined],
    ['2', '2'],
  ])('of %s are those of series %s', (version, series) => {
    const known = lives({ name: '1' }, { name: '1.34' }, { name: '2' });
    expect(lifeOf(version, known)?.series).toBe(series);
  });

  it.each(['../x', 'a/b', 'a?b', ''])('are asked of no product %j', (product) => {
    expect(() => EndsOfLife.parse({ product })).toThrow('expected the name of a product');
  });

  it('have one address a product', () => {
    const eol = EndsOfLife.parse({ product: 'nodejs' });
    expect(endsOfLifeAddress(eol)).toBe('https://endoflife.date/api/v1/products/nodejs');
  });
});
