import { describe, expect, it } from '@jest/globals';
import { expandRecipe } from './expand.ts';
import { parseRecipe } from './load.ts';

const head = `recipe: 1
name: demo
summary: Demo
homepage: https://demo.example/
license: MIT
versions: { from: http, url: 'https://demo.example/', regex: '(.+)' }
arch: { x86-64: x64 }
`;

function parsed(lines: string) {
  return { ...parseRecipe(head + lines, 'recipes/demo/recipe.yaml'), folder: '/nowhere' };
}

describe('the steps of a recipe’s test', () => {
  it('are filled in, in order, those whose conditions hold', () => {
    const loaded = parsed(`test:
  - { config: /etc/demo/demo.conf, content: 'version={bare}' }
  - { unit: demo.service, within: 60 }
  - { unit: demo.timer, state: loaded }
  - { port: 8080, when: '<1' }
  - { port: 8081 }
  - { run: 'demo get {name}  all', prints: '{bare}' }
  - { file: '/run/{name}.sock' }
`);
    const { tests } = expandRecipe(loaded, { version: 'v1.2', arch: 'x86-64', options: {} });
    expect(tests).toEqual([
      expect.objectContaining({
        kind: 'config',
        path: '/etc/demo/demo.conf',
        content: 'version=1.2',
        mode: '0644',
      }),
      expect.objectContaining({ kind: 'unit', unit: 'demo.service', state: 'active', within: 60 }),
      expect.objectContaining({ kind: 'unit', unit: 'demo.timer', state: 'loaded' }),
      expect.objectContaining({ kind: 'port', port: 8081, within: 30 }),
      expect.objectContaining({ kind: 'run', argv: ['demo', 'get', 'demo', 'all'], prints: '1.2' }),
      expect.objectContaining({ kind: 'file', path: '/run/demo.sock' }),
    ]);
    expect(tests[0]?.place).toEqual({ file: 'recipes/demo/recipe.yaml', line: 9, column: 5 });
  });

  it.each([
    ['{ unit: a.service, port: 80 }', 'test[0]: expected exactly one of config, unit, port, run and file'],
    ['{ within: 3 }', 'test[0]: expected exactly one of config, unit, port, run and file'],
    ['{ config: /etc/x }', 'test[0]: expected content with config, and only there'],
    ['{ port: 80, prints: x }', 'test[0]: expected prints and matches only with run'],
    ['{ port: 80, state: loaded }', 'test[0]: expected state only with unit'],
    ['{ unit: a.service, state: dead }', 'test[0].state: '],
    ['{ run: x, prints: x, matches: x }', 'test[0]: expected prints or matches, not both'],
    ['{ file: /etc/../x }', 'test[0].file: expected an absolute path without "." or ".." parts'],
    ['{ port: 70000 }', 'test[0].port: '],
    ['{ run: "x {versoin}" }', 'test[0].run: '],
  ])('refuse %s', (step, message) => {
    expect(() => parsed(`test: [${step}]\n`)).toThrow(message);
  });
});
