import { readFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { configJsonSchema, loadConfig, parseConfig } from './bakery-yaml.ts';

/** What a bakery.yaml without a word means. */
const defaults = {
  adapters: [],
  mirrors: {},
  attest: 'auto',
  rebuild: 'auto',
  site: 'auto',
  verity: 'off',
  issues: { after: 3, label: 'bakery' },
};

it('reads everything it may hold', () => {
  const text = `hub: https://sysext.example.org/
store: github:me/bakery
recipes: [recipes, ../mine]
list: release_build_versions.txt
mirrors:
  https://github.com/: http://127.0.0.1:9999/github/
  'npm:': http://127.0.0.1:9999/npm/
`;
  expect(parseConfig(text, 'bakery.yaml')).toMatchObject({
    store: 'github:me/bakery',
    mirrors: { 'npm:': 'http://127.0.0.1:9999/npm/' },
  });
});

it.each(['', '# nothing yet\n', '---\n'])('is fine with %j', (text) => {
  expect(parseConfig(text, 'bakery.yaml')).toEqual(defaults);
});

it.each([
  ['store: s3:x', 'bakery.yaml:1:1 store: expected dir:PATH or github:OWNER/REPO, got "s3:x"'],
  ['hub: ftp://x/', 'bakery.yaml:1:1 hub: expected an address (https://…), got "ftp://x/"'],
  ['recipe: [x]', 'bakery.yaml:1:1 recipe: unknown key, did you mean recipes?'],
  [
    'mirrors: { github.com: http://x/ }',
    'bakery.yaml:1:12 mirrors["github.com"]: expected the start of an address',
  ],
  ['settings: { format: zip }', 'bakery.yaml:1:13 settings.format: expected "squashfs" or "erofs"'],
  [
    'extensions: { a: { optoins: {} } }',
    'bakery.yaml:1:20 extensions.a.optoins: unknown key, did you mean options?',
  ],
  ['extensions: { A: {} }', 'expected lower-case letters'],
  ['sign: { best-before: 7 }', 'bakery.yaml:1:9 sign.best-before: expected at least 14, got 7'],
  ['sign: { when: off, best-before: 30 }', 'bakery.yaml:1:20 sign.best-before: expected a signed feed'],
])('refuses %s', (text, problem) => {
  expect(() => parseConfig(`${text}\n`, 'bakery.yaml')).toThrow(problem);
});

it('need not exist', async () => {
  await using temp = await mkdtempDisposable(join(tmpdir(), 'config-'));
  expect(await loadConfig(join(temp.path, 'bakery.yaml'))).toEqual(defaults);
});

it('has a JSON Schema for editors, docs/bakery.schema.json (pnpm generate)', () => {
  const file = new URL('../../../../docs/bakery.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});
