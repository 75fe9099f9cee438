import { expect, it } from '@jest/globals';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import { junitOf } from './junit.ts';
import { failed, passed, skipped, type Trial } from './outcome.ts';

const hostile = 'a < b && "c" > \'d\'\u0000\u001b[2J ]]> \uD800';
const place = { file: 'recipes/x/recipe.yaml', line: 12, column: 5 };
const trial: Trial = {
  host: 'a <host>',
  seconds: 1.5,
  images: [
    {
      name: 'x',
      version: '1.0',
      arch: 'x86-64',
      checks: [
        { ...passed('merges'), seconds: 0.25 },
        { ...passed('covers', ['something']), seconds: 0 },
        { ...failed(`runs ${hostile}`, [hostile, 'second line']), place, seconds: 1 },
        { ...skipped('starts', hostile), seconds: 0 },
      ],
    },
  ],
};

/** Reads what it is given with expat, and prints tags with their attributes and texts. */
const reader = `
import sys, json, xml.etree.ElementTree as tree
def told(e): return [e.tag, e.attrib, (e.text or "").strip(), [told(one) for one in e]]
print(json.dumps(told(tree.fromstring(sys.stdin.buffer.read()))))
`;

it('writes what an XML parser reads, whatever programs printed', async () => {
  const text = await runChecked(spawnExec(process.env), 'python3', ['-c', reader], { input: junitOf(trial) });
  const shown = 'a < b && "c" > \'d\'\uFFFD\uFFFD[2J ]]> \uFFFD';
  const common = { classname: 'x' };
  expect(JSON.parse(text)).toEqual([
    'testsuites',
    { name: 'bakery test on a <host>', tests: '4', failures: '1', errors: '0', skipped: '1', time: '1.500' },
    '',
    [
      [
        'testsuite',
        {
          name: 'x 1.0 for x86-64',
          hostname: 'a <host>',
          tests: '4',
          failures: '1',
          errors: '0',
          skipped: '1',
          time: '1.250',
        },
        '',
        [
          ['testcase', { ...common, name: 'merges', time: '0.250' }, '', []],
          [
            'testcase',
            { ...common, name: 'covers', time: '0.000' },
            '',
            [['system-out', {}, 'something', []]],
          ],
          [
            'testcase',
            { ...common, name: `runs ${shown}`, file: place.file, line: '12', time: '1.000' },
            '',
            [['failure', { message: shown }, `${shown}\nsecond line`, []]],
          ],
          [
            'testcase',
            { ...common, name: 'starts', time: '0.000' },
            '',
            [['skipped', { message: shown }, '', []]],
          ],
        ],
      ],
    ],
  ]);
});
