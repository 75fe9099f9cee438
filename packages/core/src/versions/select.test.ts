import { describe, expect, it } from '@jest/globals';
import { selectVersions } from './select.ts';
import type { Filters } from './select.ts';
import type { Listed } from './sources/listing.ts';

describe('selectVersions', () => {
  it.each<[string, Partial<Filters>, string[], string[]]>([
    [
      'sorts numbers by value, newest first',
      {},
      ['v1.9.0', 'v1.10.0', 'v1.2.0'],
      ['v1.10.0', 'v1.9.0', 'v1.2.0'],
    ],
    ['keeps digits and dots by default', {}, ['vmqtest', 'mq-1', 'b1000', 'core/1', '1.2'], ['1.2']],
    ['keeps what match matches', { match: '^v[0-9.]+$' }, ['v2.4.0', 'wash-v1.0.0', 'v1.0.0-x'], ['v2.4.0']],
    ['takes the capture group of match', { match: '^release-(.*)$' }, ['release-1.2', '1.3'], ['1.2']],
    [
      'drops a pre-release whose suffix the capture group cuts off',
      { match: '^v(\\d+\\.\\d+)' },
      ['v1.2-rc1', 'v1.1-r0', 'v1.0'],
      ['1.1', '1.0'],
    ],
    ['drops what exclude matches', { exclude: '^api/|^v' }, ['api/1.0', 'v0.1', '0.44.1'], ['0.44.1']],
    ['strips a prefix', { strip: 'v' }, ['v3.3.1', 'v3.2.0'], ['3.3.1', '3.2.0']],
    [
      'holds the whole version against form',
      { form: '[.v0-9]+\\+k3s[0-9]+' },
      ['v1.34.2+k3s1', 'v1.34.2+k3s10', 'v1.34.2', 'v1.34.2+k3s1x'],
      ['v1.34.2+k3s10', 'v1.34.2+k3s1'],
    ],
    ['drops what is out of range', { range: '>=3.0' }, ['2.9.1', '3.0', '3.4.2'], ['3.4.2', '3.0']],
    ['drops pre-releases', { form: '.*' }, ['1.2.3', '1.3.0-rc.1', '1.3-dev2'], ['1.2.3']],
    [
      'keeps pre-releases where they are wanted',
      { prereleases: true },
      ['1.2.3', '1.3.0-rc.1', 'nightly'],
      ['1.3.0-rc.1', '1.2.3'],
    ],
    ['lists the same version once', { strip: 'v' }, ['v1.2', '1.2'], ['1.2']],
  ])('%s', (_does, filters, names, expected) => {
    const { candidates, refused } = selectVersions(names.map(final), { prereleases: false, ...filters });
    expect({ texts: candidates.map(({ text }) => text), refused }).toEqual({ texts: expected, refused: [] });
  });

  it('drops what upstream marks as a pre-release', () => {
    const listed = [
      { text: '2.0.0', prerelease: true },
      { text: '1.0.0', prerelease: false },
    ];
    expect(texts(listed, { prereleases: false })).toEqual(['1.0.0']);
    expect(texts(listed, { prereleases: true })).toEqual(['2.0.0', '1.0.0']);
  });

  it('remembers what upstream calls a version, and joins where it exists', () => {
    const listed: Listed[] = [
      { text: 'v1.2', prerelease: false, arches: new Set(['x86-64']) },
      { text: '1.2', prerelease: false, arches: new Set(['arm64']) },
    ];
    const { candidates } = selectVersions(listed, { prereleases: false, strip: 'v' });
    expect(candidates).toEqual([{ text: '1.2', upstream: 'v1.2', arches: new Set(['x86-64', 'arm64']) }]);
  });

  it('reports what cannot be published', () => {
    const { candidates, refused } = selectVersions(['1.2~3', '1.2'].map(final), {
      prereleases: false,
      form: '.*',
    });
    expect(candidates.map(({ text }) => text)).toEqual(['1.2']);
    expect(refused).toEqual([{ text: '1.2~3', why: expect.stringContaining('"~"') }]);
  });

  it('keeps one of two versions systemd cannot tell apart, and reports the other', () => {
    const { candidates, refused } = selectVersions(['1.02', '1.2'].map(final), { prereleases: false });
    expect(candidates.map(({ text }) => text)).toEqual(['1.2']);
    expect(refused).toEqual([{ text: '1.02', why: 'systemd cannot tell it from "1.2"' }]);
  });

  it('never lets a stray tag without "v" pass for the newest of versions with "v"', () => {
    const { candidates, refused } = selectVersions(['v2.4.3', '1.3.1', 'v2.4.2'].map(final), {
      prereleases: false,
    });
    expect(candidates.map(({ text }) => text)).toEqual(['v2.4.3', 'v2.4.2']);
    expect(refused).toEqual([{ text: '1.3.1', why: expect.stringContaining('"v2.4.3"') }]);
  });
});

function final(text: string): Listed {
  return { text, prerelease: false };
}

function texts(listed: readonly Listed[], filters: Filters): string[] {
  return selectVersions(listed, filters).candidates.map(({ text }) => text);
}
