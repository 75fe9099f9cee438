import { describe, expect, it } from '@jest/globals';
import { newestFollowing, newestOfMinors, newestOfSeries } from './latest.ts';
import { seriesOf } from './series.ts';

describe('seriesOf', () => {
  it.each([
    ['v1.34.2+k3s1', '1', '1.34'],
    ['2.17', '2', '2.17'],
    ['4.8', '4', '4.8'],
    ['v44.0', '44', '44.0'],
    ['1.02.3', '1', '1.2'],
    ['20230803', '20230803', '20230803'],
    ['0.10.1', '0', '0.10'],
    ['vmqtest', undefined, undefined],
  ])('reads %s as major %s, minor %s', (version, major, minor) => {
    expect([seriesOf(version, 'major'), seriesOf(version, 'minor')]).toEqual([major, minor]);
  });
});

describe('newestOfSeries', () => {
  const versions = of('2.3.3', '2.3.2', '2.2.6', '2.1.9', '2.0.11', '1.7.34', '1.6.40');

  it('gives the newest of each of the N highest minors', () => {
    expect(texts(newestOfSeries(versions, 'minor', 5))).toEqual([
      '2.3.3',
      '2.2.6',
      '2.1.9',
      '2.0.11',
      '1.7.34',
    ]);
  });

  it('gives the newest of each of the N highest majors', () => {
    expect(texts(newestOfSeries(versions, 'major', 3))).toEqual(['2.3.3', '1.7.34']);
  });

  it('takes two-part versions and builds', () => {
    expect(texts(newestOfSeries(of('v44.1', 'v44.0', 'v43.0'), 'major', 2))).toEqual(['v44.1', 'v43.0']);
    expect(texts(newestOfSeries(of('v1.34.2+k3s10', 'v1.34.2+k3s2', 'v1.33.1+k3s1'), 'minor', 2))).toEqual([
      'v1.34.2+k3s10',
      'v1.33.1+k3s1',
    ]);
  });
});

describe('newestOfMinors', () => {
  it('gives the newest of each minor in the list, and nothing for one without versions', () => {
    const versions = of('v1.35.0', 'v1.34.9', 'v1.34.8', 'v1.33.13', 'v1.30.1');
    expect(texts(newestOfMinors(versions, ['1.36', '1.34', 'v1.33', '1.30.0']))).toEqual([
      'v1.34.9',
      'v1.33.13',
      'v1.30.1',
    ]);
  });
});

describe('newestFollowing', () => {
  const versions = of(
    'v1.36.2+k3s1',
    'v1.35.6+k3s10',
    'v1.35.6+k3s2',
    'v1.34.8+k3s1',
    'v1.34.7+k3s1',
    'v1.33.10+k3s1',
    'v1.33.1+k3s1',
  );

  it('takes the highest build of exactly the version followed', () => {
    expect(texts(newestFollowing(versions, ['v1.35.6', 'v1.33.1'], '+k3s'))).toEqual([
      'v1.35.6+k3s10',
      'v1.33.1+k3s1',
    ]);
  });

  it('falls back to the newest of the same minor', () => {
    expect(texts(newestFollowing(versions, ['v1.34.9'], '+k3s'))).toEqual(['v1.34.8+k3s1']);
  });

  it('goes on after a minor that has nothing', () => {
    expect(texts(newestFollowing(versions, ['v1.37.0', 'v1.36.2', 'v1.20.0', '1.34.7'], '+k3s'))).toEqual([
      'v1.36.2+k3s1',
      'v1.34.7+k3s1',
    ]);
  });

  it('gives a version once however many follow it', () => {
    expect(texts(newestFollowing(versions, ['v1.36.2', 'v1.36.3'], '+k3s'))).toEqual(['v1.36.2+k3s1']);
  });
});

function of(...versions: string[]): { text: string }[] {
  return versions.map((text) => ({ text }));
}

function texts(versions: readonly { text: string }[]): string[] {
  return versions.map(({ text }) => text);
}
