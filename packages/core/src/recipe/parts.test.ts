import { describe, expect, it } from '@jest/globals';
import { UserError } from '../diagnostics/user-error.ts';
import { expandRecipe } from './expand.ts';
import { parseRecipe } from './load.ts';

const head = `recipe: 1
name: demo
summary: A demo
homepage: https://example.org/
license: MIT
versions: { from: pinned, versions: [1.0.0, 2.0.0] }
arch: { x86-64: amd64, arm64: arm64 }
options: { without: { help: Part to leave out., values: [server, client] } }
`;
const recipe = `${head}parts:
  server: { if: { without: { not: server } }, arches: [x86-64] }
  client: { if: { without: { not: client } }, when: '>=1' }
artifacts:
  - url: https://example.org/demo.tar
    integrity: { none: a test }
    unpack:
      files:
        demod: { to: /usr/bin/, part: server }
        demo: { to: /usr/bin/, part: client, when: '<2' }
require:
  - { path: /usr/bin/demod, part: server }
  - /usr/bin
units: [{ name: demo.service, start: user, part: server }]
`;

function planOf(version: string, arch: 'x86-64' | 'arm64', without: string) {
  const loaded = { ...parseRecipe(recipe, 'recipes/demo/recipe.yaml'), folder: '/none' };
  const { downloads, requires } = expandRecipe(loaded, { version, arch, options: { without } });
  const members = downloads.map(({ unpack }) => unpack?.files?.map(({ member }) => member));
  return { members, requires };
}

describe('parts of a recipe', () => {
  it('give their conditions to every entry and member that names them', () => {
    expect(planOf('1.0.0', 'x86-64', '')).toEqual({
      members: [['demod', 'demo']],
      requires: ['/usr/bin/demod', '/usr/bin'],
    });
    expect(planOf('1.0.0', 'x86-64', 'client').members).toEqual([['demod']]);
    expect(planOf('1.0.0', 'arm64', '')).toEqual({ members: [['demo']], requires: ['/usr/bin'] });
  });

  it('leave an archive alone none of whose members counts', () => {
    expect(planOf('2.0.0', 'arm64', '').members).toEqual([]);
  });

  it('are plain conditions to whoever reads the recipe', () => {
    const { recipe: read, data } = parseRecipe(recipe, 'recipes/demo/recipe.yaml');
    const unit = {
      name: 'demo.service',
      start: 'user',
      if: { without: { not: 'server' } },
      arches: ['x86-64'],
    };
    expect(read.units).toEqual([unit]);
    expect(data).toMatchObject({ units: [unit] });
  });

  it.each([
    [
      'part: server }]',
      'part: servr }]',
      'recipes/demo/recipe.yaml:22:44 units[0].part: expected the name of a part (server, client), got "servr", did you mean server?',
    ],
    [
      "client, when: '<2'",
      "client, if: { without: '' }",
      'recipes/demo/recipe.yaml:18:32 artifacts[0].unpack.files.demo.part: expected "without" in the part or in the entry, got it in both',
    ],
    [
      'demod, part: server',
      'demod, part: server, arches: [arm64]',
      'recipes/demo/recipe.yaml:20:29 require[0].part: expected an architecture that the part has too (x86-64), got arm64',
    ],
    [
      "client, when: '<2'",
      "server, when: '<2'",
      'recipes/demo/recipe.yaml:11:3 parts.client: expected an entry with {part: client}, got none',
    ],
    [
      "when: '>=1' }",
      "when: '>=1', part: server }",
      'recipes/demo/recipe.yaml:11:60 parts.client.part: expected one of when, arches, if, got this key',
    ],
    [
      '{ not: client }',
      'clint',
      'recipes/demo/recipe.yaml:18:9 artifacts[0].unpack.files.demo.if.without: expected one of "server", "client", "", got "clint"',
    ],
  ])('say where %s is wrong as %s', (right, wrong, message) => {
    const text = recipe.replace(right, wrong);
    expect(text).not.toBe(recipe);
    expect(() => parseRecipe(text, 'recipes/demo/recipe.yaml')).toThrow(UserError);
    expect(() => parseRecipe(text, 'recipes/demo/recipe.yaml')).toThrow(message);
  });
});
