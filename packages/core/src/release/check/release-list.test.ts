import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { parseReleaseList } from './release-list.ts';

const file = 'release_build_versions.txt';

it('reads versions, latest, comments and reasons', () => {
  const text = `# What to build

kubernetes v1.28.5 # CAPO CI
kubernetes latest
\tk3s   v1.32.2+k3s1\r
  # indented
`;
  expect(parseReleaseList(text, file)).toEqual([
    { name: 'kubernetes', version: 'v1.28.5', reason: 'CAPO CI', place: { file, line: 3, column: 1 } },
    { name: 'kubernetes', version: 'latest', place: { file, line: 4, column: 1 } },
    { name: 'k3s', version: 'v1.32.2+k3s1', place: { file, line: 5, column: 2 } },
  ]);
});

it('reads settings, and a name to publish under', () => {
  const text = `docker latest without=containerd format=erofs level=9 as=docker-only # why not
kubernetes latest minors=4
`;
  const [docker, kubernetes] = parseReleaseList(text, file);
  expect(docker).toMatchObject({
    name: 'docker-only',
    recipe: 'docker',
    version: 'latest',
    reason: 'why not',
  });
  expect(docker?.written?.settings).toEqual({
    recipe: 'docker',
    format: 'erofs',
    level: 9,
    options: { without: 'containerd' },
  });
  expect(docker?.written?.locate(['options', 'without'])).toEqual({ file, line: 1, column: 15 });
  expect(kubernetes?.written?.settings).toEqual({ latest: { minors: 4 } });
});

it.each([
  [
    'a latest format=zip',
    '1:10 format: expected "squashfs" or "erofs" or "btrfs" or "ext4" or "ext2", got "zip"',
  ],
  ['a latest minors=many', '1:10 latest.minors: expected a number, got "many"'],
  ['a latest minors=2 majors=2', '1:10 latest'],
  ['a latest max-age=0', '1:10 max-age: expected at least 1, got 0'],
  ['a latest level=1000', '1:10 level: expected at most 100, got 1000'],
  ['a latest x=1 x=2', '1:14 expected x once'],
  ['a latest as=B', '1:10 as: expected lower-case letters, digits and "-", at most 63, got "B"'],
  [
    'a latest x=1\na 1.0 # pinned\na 2.0 x=2',
    '3:1 expected the settings of a on line 1, or none, got others',
  ],
  ['a latest x=1 as=c\nb latest as=c', '2:1 expected the settings of c on line 1, or none, got others'],
])('refuses %j', (text, problem) => {
  expect(() => parseReleaseList(`${text}\n`, file)).toThrow(`${file}:${problem}`);
});

it('names line and column of everything that is wrong', () => {
  const text = `nodejs
deno latets
bun 1.0.0~rc1
bun latest and more
Bun latest
bun 1.0
bun latest
bun 1.0
`;
  expect(() => parseReleaseList(text, file)).toThrow(
    [
      `${file}:1:1 expected NAME VERSION or NAME latest, got "nodejs" alone`,
      `${file}:2:6 version: expected latest or a version, got "latets": expected a digit or "v" and a digit first, got "la", did you mean latest?`,
      `${file}:3:5 version: expected latest or a version, got "1.0.0~rc1": "~" is refused in git tags, becomes "." in GitHub asset names and hides the file from systemd up to 261`,
      `${file}:4:12 expected KEY=VALUE, "# reason" or nothing, got "and"`,
      `${file}:5:1 name: expected lower-case letters, digits and "-", at most 63, got "Bun"`,
      `${file}:8:1 expected every line once, got bun 1.0 of line 6 again`,
    ].join('\n'),
  );
});

it('reads the list of this repository', () => {
  const list = new URL(`../../../../../${file}`, import.meta.url);
  expect(parseReleaseList(readFileSync(list, 'utf8'), file).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['bun', 'deno', 'nodejs']),
  );
});
