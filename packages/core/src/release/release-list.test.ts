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
      `${file}:4:12 expected "# reason" or nothing, got "and"`,
      `${file}:5:1 name: expected lower-case letters, digits and "-", at most 63, got "Bun"`,
      `${file}:8:1 expected every line once, got bun 1.0 of line 6 again`,
    ].join('\n'),
  );
});

it('reads the list of this repository', () => {
  const list = new URL(`../../../../${file}`, import.meta.url);
  expect(parseReleaseList(readFileSync(list, 'utf8'), file).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['bun', 'deno', 'nodejs']),
  );
});
