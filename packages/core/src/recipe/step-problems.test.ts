import { expect, it } from '@jest/globals';
import { parseRecipe } from './load.ts';

const pinned = `docker.io/library/alpine@sha256:${'a'.repeat(64)}`;
const head = `recipe: 1
name: tool
summary: x
homepage: https://example.org/
license: MIT
versions: { from: pinned, versions: ['1.0'] }
arch: { x86-64: amd64 }
build:
`;

it.each([
  [
    `  - container: { image: '${pinned}', script: b, packages: [make], take: { usr: /usr } }`,
    'expected network: true beside packages',
  ],
  [
    `  - container: { image: '${pinned}', script: b, patches: [p], take: { usr: /usr } }`,
    'expected sources to patch, got none',
  ],
  ...['.', '..', '.git', 'a/b'].map((name) => [
    `  - container: { image: '${pinned}', script: b, sources: { '${name}': { git: 'https://e.org/x', ref: v1 } }, take: { usr: /usr } }`,
    'expected the name of a folder',
  ]),
  [
    `  - container: { image: '${pinned}', script: s/b, sources: { b: { git: 'https://e.org/x', ref: v1 } }, take: { usr: /usr } }`,
    'expected another name than the script’s, got "b"',
  ],
  [
    '  - flix: { root: { apt: [tilde], suite: bookworm }, entries: [/usr/bin/tilde] }',
    'expected {version} in it, e.g. "NAME={version}*"',
  ],
  [
    `  - flatwrap: { root: { apk: [btop], image: '${pinned}' }, entries: [/usr/bin/btop] }`,
    'expected {version} in it, e.g. "NAME~={version}"',
  ],
  [
    "  - flix: { root: { image: 'docker.io/library/x:latest' }, entries: [/usr/bin/x] }",
    'expected {version} in it, e.g. a tag',
  ],
  [
    "  - inner: { artifact: none, archive: '*.deb', files: { a: /usr/a } }",
    'expected the name of an artifact',
  ],
])('refuses a build step that cannot work: %s', (step, message) => {
  expect(() => parseRecipe(`${head}${step}\n`, 'recipe.yaml')).toThrow(message);
});

it.each([
  "  - flix: { root: { apt: ['tilde={version}*'], suite: bookworm }, entries: [/usr/bin/tilde] }",
  "  - flix: { root: { image: 'docker.io/library/x:{version}' }, entries: [/usr/bin/x] }",
  `  - container: { image: '${pinned}', script: b, packages: [make], network: true, take: { usr: /usr } }`,
])('takes %s', (step) => {
  expect(() => parseRecipe(`${head}${step}\n`, 'recipe.yaml')).not.toThrow();
});
