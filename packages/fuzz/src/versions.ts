import * as fc from 'fast-check';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { compareVersions } from '@bakery/core/src/systemd/compare.ts';
import { fuzzTarget } from './target.ts';

const exec = spawnExec(process.env);
const signs = ['<', '==', '>'];
// ASCII only: where one text ends, systemd compares the next char of the other with 0, and whether that is signed depends
// on the machine.
const version = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '0',
        '00',
        '1',
        '10',
        '007',
        'a',
        'rc',
        'Z',
        'v',
        'git',
        '.',
        '-',
        '~',
        '^',
        '_',
        '+',
        ' ',
      ),
      fc.stringMatching(/^[0-9a-zA-Z.~^+_-]{1,4}$/),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
// Mostly with a beginning in common, so that the interesting part decides.
const pair = fc.oneof(
  fc.tuple(version, version),
  fc.tuple(version, version, version).map(([start, a, b]): [string, string] => [start + a, start + b]),
);

/** The order is that of systemd, pair by pair. */
export const versions = fuzzTarget(
  'versions',
  4,
  fc.array(pair, { minLength: 40, maxLength: 40 }),
  async (pairs) => {
    const input = pairs.flat().map((text) => `${text}\0`);
    const { code, stdout, stderr } = await exec.run(
      'xargs',
      ['--null', '--max-args=2', 'systemd-analyze', 'compare-versions', '--'],
      { input: input.join('') },
    );
    if (code !== 0 && code !== 123) throw new Error(`systemd-analyze: ended with ${code}: ${stderr}`);
    const ours = pairs
      .map(([a, b]) => `${show(a)} ${signs[compareVersions(a, b) + 1]} ${show(b)}\n`)
      .join('');
    if (ours !== stdout) throw new Error(`we say\n${ours}\nsystemd says\n${stdout}`);
  },
);

function show(text: string): string {
  return text === '' ? "''" : text;
}
