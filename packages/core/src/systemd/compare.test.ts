import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { spawnExec } from '../ports/spawn.ts';
import { compareVersions } from './compare.ts';

type Pair = readonly [string, string];

const exec = spawnExec(process.env);
const lanes = 4; // The oracle is one short process a pair; more at once only waits for processors.
const signs = ['<', '==', '>'];
const seed = 20_261_123;

describe('compareVersions against systemd-analyze compare-versions', () => {
  it('agrees on 2,100 generated pairs of hostile shapes', async () => {
    const random = seeded(seed);
    const pairs = Array.from({ length: 2100 }, () => hostilePair(random));
    expect(await disagreements(pairs)).toEqual([]);
  });

  it('agrees on all neighbours and 200 random pairs of real tags', async () => {
    const tags = await realTags();
    const random = seeded(seed);
    const neighbours = tags.slice(1).map((tag, index): Pair => [tags[index] ?? '', tag]);
    const others = Array.from({ length: 200 }, (): Pair => [pick(random, tags), pick(random, tags)]);
    expect(await disagreements([...neighbours, ...others])).toEqual([]);
  });
});

describe('compareVersions', () => {
  it.each([
    ['v1.32.2', 'v1.32.2+k3s1'],
    ['v1.32.2+k3s2', 'v1.32.2+k3s10'],
    ['v1.32.2+k3s1', 'v1.32.2+rke2r1'],
    ['v1.9', 'v1.10'],
    ['2.9', '2.17'],
    ['1.2.3~rc.1', '1.2.3'],
    ['1.2.3', '1.2.3-rc.1'],
    ['1.2.3-1', '1.2.3.1'],
    ['24.0.7', '24.0.7^git1'],
    ['v1.2.3', '1.2.3'],
    ['1.2.3', '1.2.3.0'],
    ['1.2.3', '1.2.3_1'],
    ['9'.repeat(400), `1${'0'.repeat(400)}`],
  ])('takes %s for older than %s, and the other way round for newer', (older, newer) => {
    expect([compareVersions(older, newer), compareVersions(newer, older)]).toEqual([-1, 1]);
  });

  it.each([
    ['1.02', '1.2'],
    ['2024.01.1', '2024.1.1'],
    ['1+2', '1_2'],
    ['', ''],
    ['+', ''],
  ])('cannot tell "%s" from "%s"', (a, b) => {
    expect(compareVersions(a, b)).toBe(0);
  });

  it('orders any two texts the same from both sides', () => {
    const random = seeded(seed + 1);
    const pairs = Array.from({ length: 20_000 }, () => hostilePair(random));
    const unequal = pairs.filter(([a, b]) => compareVersions(a, b) + compareVersions(b, a) !== 0);
    expect(unequal).toEqual([]);
  });
});

async function realTags(): Promise<string[]> {
  const file = new URL('../../../testbed/data/bakery-tags.txt', import.meta.url);
  return (await readFile(file, 'utf8')).trim().split('\n');
}

async function disagreements(pairs: readonly Pair[]): Promise<string[]> {
  const size = Math.ceil(pairs.length / lanes);
  const parts = Array.from({ length: lanes }, (_, lane) => pairs.slice(lane * size, (lane + 1) * size));
  const said = (await Promise.all(parts.map(askSystemd))).flat();
  expect(said).toHaveLength(pairs.length);
  const expected = pairs.map(([a, b]) => `${show(a)} ${signs[compareVersions(a, b) + 1]} ${show(b)}`);
  return expected.flatMap((ours, index) =>
    ours === said[index] ? [] : [`systemd says ${said[index]}, we say ${ours}`],
  );
}

/** What `systemd-analyze compare-versions` prints for each pair: `1.2 < 1.3`. One process a pair, no shell. */
async function askSystemd(pairs: readonly Pair[]): Promise<string[]> {
  const input = pairs.flat().map((version) => `${version}\0`);
  const { code, stdout, stderr } = await exec.run(
    'xargs',
    ['--null', '--max-args=2', 'systemd-analyze', 'compare-versions', '--'],
    { input: input.join('') },
  );
  if (code === 127) {
    throw new Error(
      `systemd-analyze, which the order is tested against, is missing: apt-get install systemd`,
    );
  }
  // 123: some of the processes ended with 1 to 125, as they do where one version is newer.
  if (code !== 0 && code !== 123) throw new Error(`xargs ended with ${code}: ${stderr}`);
  return stdout.trimEnd().split('\n');
}

function show(version: string): string {
  return version === '' ? "''" : version;
}

/** mulberry32: the same numbers for the same seed on every machine. */
function seeded(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pick<T>(random: () => number, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

const pieces = [
  '0',
  '00',
  '1',
  '2',
  '9',
  '10',
  '01',
  '007',
  '123',
  '20230803',
  '99999999999999999999999',
  'a',
  'b',
  'rc',
  'rc1',
  'alpha',
  'Beta',
  'Z',
  'k3s',
  'rke2r',
  'v',
  'V',
  'git',
  '',
  '',
  'é',
  ' ',
  ',',
  ':',
  '/',
  '@',
];
const joints = [
  '.',
  '.',
  '.',
  '-',
  '-',
  '~',
  '^',
  '_',
  '+',
  '',
  '..',
  '~~',
  '-~',
  '^-',
  '.-',
  '-_',
  '~.',
  '+-',
];

/** Two versions that share a beginning more often than not, so that the interesting part decides. */
function hostilePair(random: () => number): Pair {
  const a = hostileVersion(random);
  const kept = a.slice(0, Math.floor(random() * (a.length + 1)));
  const b = random() < 0.7 ? `${kept}${pick(random, joints)}${pick(random, pieces)}` : hostileVersion(random);
  return [a, b];
}

function hostileVersion(random: () => number): string {
  const length = Math.floor(random() * 5);
  const parts = Array.from({ length }, () => `${pick(random, pieces)}${pick(random, joints)}`);
  return `${pick(random, ['', '', 'v', '0', '-', '~'])}${parts.join('')}${pick(random, pieces)}`;
}
