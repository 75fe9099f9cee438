import { describe, expect, it } from '@jest/globals';
import { UserError } from '../diagnostics/user-error.ts';
import { parseRecipe } from './load.ts';

const head = `recipe: 1
name: demo
summary: A demo
homepage: https://example.org/
license: MIT
versions: { from: pinned, versions: [1.0.0, 1.1.0] }
arch: { x86-64: amd64, arm64: arm64 }
`;
const artifact = `artifacts:
  - url: https://example.org/{version}/demo-{arch}
    integrity: { from: '{url}.sha256' }
    place: /usr/bin/demo
`;

function problemsOf(text: string): string[] {
  try {
    parseRecipe(text, 'recipes/demo/recipe.yaml');
  } catch (error) {
    if (error instanceof UserError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('a recipe', () => {
  it('loads with what it leaves out filled in', () => {
    const { recipe, locate } = parseRecipe(head + artifact, 'recipes/demo/recipe.yaml');
    expect(recipe).toMatchObject({ reload: false, links: [], 'after-update': 'refresh' });
    expect(locate(['artifacts', 0, 'integrity'])).toEqual({
      file: 'recipes/demo/recipe.yaml',
      line: 10,
      column: 5,
    });
    expect(locate(['artifacts', 0, 'unpack'])).toMatchObject({ line: 9, column: 5 });
  });

  it('counts what lists of each multiply to before it makes any of it', () => {
    const list = JSON.stringify(Array.from({ length: 60 }, (_, index) => `${index}`));
    const each = `{ a: ${list}, b: ${list}, c: ${list}, d: ${list} }`;
    const many = artifact.replace('  - url', `  - each: ${each}\n    url`).replaceAll('demo', '{a}{b}{c}{d}');
    expect(problemsOf(head + artifact + many.replace('artifacts:\n', ''))).toEqual([
      'recipes/demo/recipe.yaml:12:5 artifacts[1].each: expected at most 2000 downloads of all artifacts together, got 12960001',
    ]);
  });

  it('names the place, the expectation and the value of everything that is wrong, in order', () => {
    const text =
      head.replace('name: demo', 'name: Demo').replace('license: MIT', 'licence: MIT') +
      artifact.replace("{ from: '{url}.sha256' }", 'abc').replace('/usr/bin/demo', '/etc/demo');
    expect(problemsOf(text)).toMatchInlineSnapshot(`
[
  "recipes/demo/recipe.yaml:1:1 license: expected text, got nothing",
  "recipes/demo/recipe.yaml:2:1 name: expected lower-case letters, digits and "-", at most 63, got "Demo"",
  "recipes/demo/recipe.yaml:5:1 licence: unknown key, did you mean license?",
  "recipes/demo/recipe.yaml:10:5 artifacts[0].integrity: expected {from}, {sums}, npm, github, signature, sha256:HEX, {literal}, {lock} or {none}, got "abc"",
  "recipes/demo/recipe.yaml:11:5 artifacts[0].place: expected a path below /usr or /opt without "." or ".." parts, got "/etc/demo"",
]
`);
  });

  it.each([
    ['reload: yes', '8:1 reload: expected true or false, got "yes"'],
    [
      'os: { id: debian }',
      '8:1 os: expected one of version, level and rolling: true beside debian, as hosts compare more than ID=, got {"id":"debian"}',
    ],
    [
      "os: { id: debian, version: '13', level: '1' }",
      '8:1 os: expected one of version, level and rolling: true beside debian, as hosts compare more than ID=, got {"id":"debian","version":"13","level":"1"}',
    ],
    [
      "os: { id: _any, version: '13' }",
      '8:1 os: expected nothing beside _any, got {"id":"_any","version":"13"}',
    ],
    ['streams: patch', '8:1 streams: expected major, minor or a list of them, got "patch"'],
    [
      'options: { x: { help: X, default: 1.30 } }',
      '8:26 options.x.default: expected text, or {from, …} with a version source, got 1.3 (put it in quotes)',
    ],
    ['links: [{ path: /usr/bin/x }]', '8:9 links[0].to: expected text, got nothing'],
    [
      'links: [{ path: /usr/bin/x, to: y, mod: z }]',
      '8:36 links[0].mod: expected one of path, to, optional, when, arches, if, part, got this key',
    ],
    [
      'units: [{ name: x.service, start: boot }]',
      '8:28 units[0].start: expected "merge" or "user" or "choice", got "boot"',
    ],
    ['smoke: [{ run: demo }]', '8:9 smoke[0]: expected either prints or matches, got {"run":"demo"}'],
    ['folders: [{ path: /usr/../etc }]', '8:13 folders[0].path: expected /usr, /opt or a path below them'],
    ['folders: [{ path: /usr/x, when: new }]', '8:27 folders[0].when: expected comparators like'],
    [
      'text: [{ path: /usr/x, content: a, mode: "4755" }]',
      '8:36 text[0].mode: expected octal permissions like "0755", quoted, got "4755"',
    ],
  ])('refuses %s', (line, problem) => {
    expect(problemsOf(`${head}${line}\n`)).toEqual([expect.stringContaining(`recipe.yaml:${problem}`)]);
  });

  it.each([
    ["integrity: { form: '{url}.sha256' }", 'expected {from}, {sums}, npm, github'],
    ['integrity: { sums: x, nmae: y }', 'artifacts[0].integrity.nmae: unknown key, did you mean name?'],
    ['integrity: npm', 'expected another integrity for an address that is not npm:'],
    ['integrity: github', 'expected the address of a GitHub release asset'],
    ["integrity: { from: '{url}.{bse}' }", 'got {bse}, did you mean {base}?'],
    [
      'integrity: { from: x.sha256 }',
      'expected http(s)://HOST/… or {url}… with the host written out, got "x.sha256"',
    ],
  ])('refuses %s', (line, problem) => {
    const text = head + artifact.replace("integrity: { from: '{url}.sha256' }", line);
    expect(problemsOf(text).join('\n')).toContain(problem);
  });

  it.each([
    [
      'an unknown placeholder',
      'smoke: [{ run: demo, prints: "{versoin}" }]',
      'got {versoin}, did you mean {version}?',
    ],
    [
      'a condition on no option',
      'folders: [{ path: /usr/x, if: { y: z } }]',
      'if.y: expected the name of an option (the recipe has none), got "y"',
    ],
    [
      'a condition on an impossible value',
      'options: { y: { help: Y, values: [a], default: a } }\nfolders: [{ path: /usr/x, if: { y: z } }]',
      'expected one of "a", got "z"',
    ],
    [
      'an option that hides a placeholder',
      'options: { version: { help: V } }',
      'expected a name that is no placeholder',
    ],
    [
      'a default that is not allowed',
      'options: { y: { help: Y, values: [a], default: b } }',
      'expected one of values (a), got "b"',
    ],
    [
      'an artifact that goes nowhere',
      'artifacts: [{ url: https://e.org/x, integrity: { none: test } }]',
      'expected place, unpack, or a name that a build step takes',
    ],
    [
      'a name no build step takes',
      'artifacts: [{ name: x, url: https://e.org/x, integrity: { none: test } }]',
      'got none for "x"',
    ],
    [
      'a host in a placeholder',
      'artifacts: [{ url: "https://{name}.org/x", integrity: { none: test }, place: /usr/x }]',
      'with the host written out',
    ],
    [
      'an address of another kind',
      'artifacts: [{ url: "file:///etc/passwd", integrity: { none: test }, place: /usr/x }]',
      'got "file:///etc/passwd"',
    ],
    [
      'one path for many values',
      'artifacts: [{ each: { b: [x, y] }, url: "https://e.org/{b}", integrity: { none: test }, place: /usr/x }]',
      'got /usr/x twice',
    ],
    [
      'arch words that miss an arch',
      'artifacts: [{ arch: { arm64: x }, url: https://e.org/x, integrity: { none: test }, place: /usr/x }]',
      'got nothing for x86-64',
    ],
  ])('refuses %s', (_what, lines, problem) => {
    expect(problemsOf(`${head}${lines}\n`).join('\n')).toContain(problem);
  });

  it.each([
    ['{ from: svn }', ':6:13 versions.from: expected one of npm, pinned, github-releases'],
    ['{ repo: a/b }', ':6:1 versions.from: expected one of npm, pinned, github-releases'],
    ['{ from: npm, pakage: x }', ':6:24 versions.pakage: unknown key, did you mean package?'],
    ['npm', ':6:1 versions: expected a mapping, got "npm"'],
    [
      '{ from: npm, package: x, latest: newest }',
      'versions.latest: expected {newest} or {majors} or {minors}',
    ],
    [
      '{ from: npm, package: x, latest: { newest: 0 } }',
      'versions.latest.newest: expected at least 1, got 0',
    ],
    ["{ from: npm, package: x, match: '(' }", 'versions.match: expected a regular expression, got "("'],
    [
      '{ from: npm, package: "{version}" }',
      'versions.package: expected one of {arch} {branch}, got {version}',
    ],
  ])('refuses versions: %s', (versions, problem) => {
    expect(problemsOf(head.replace(/versions: .*/, `versions: ${versions}`)).join('\n')).toContain(problem);
  });

  it('refuses a regular expression with two capture groups', () => {
    const text = head.replace('versions: { from: pinned,', "versions: { from: pinned, match: '(a)(b)',");
    expect(problemsOf(text)).toEqual([
      'recipes/demo/recipe.yaml:6:27 versions.match: expected at most one capture group, got 2; (?:…) captures nothing',
    ]);
  });

  it.each([
    ['a key given twice', `${head}license: MIT\n`, '8:1 expected YAML, got map keys must be unique'],
    ['an alias', `${head}masks: [&a x, *a]\n`, '8:12 expected no anchor, got &a'],
    ['a tag', `${head}masks: [!!binary eA==]\n`, '8:18 expected no tag, got tag:yaml.org,2002:binary'],
    [
      'a placeholder without quotes in { }',
      `${head}links: [{ path: /usr/bin/x, to: {name} }]\n`,
      'links[0].to: expected text',
    ],
    ['an unclosed bracket', `${head}masks: [x\n`, 'expected YAML, got'],
    ['nothing', '', '1:1 expected a mapping, got null'],
    ['a list', '- x\n', '1:1 expected a mapping, got ["x"]'],
    ['a text', 'hello\n', '1:1 expected a mapping, got "hello"'],
    ['deep nesting', '['.repeat(100_000), 'expected a few levels of nesting, got more than 50'],
    ['deep lists', '- '.repeat(10_000), 'expected a few levels of nesting'],
    [
      'a path of many folders',
      `${head}folders: [{ path: '/usr/${'a/'.repeat(50_000)}b' }]\n`,
      'folders[0].path: expected a path of at most 1024 characters',
    ],
    ['a huge file', `${head}# ${'x'.repeat(2 ** 20)}`, 'expected at most 262144 bytes'],
  ])('refuses %s', (_what, text, problem) => {
    expect(problemsOf(text).join('\n')).toContain(problem);
  });

  it('hints at quotes where braces end a flow mapping early', () => {
    const text = head + artifact.replace("'{url}.sha256'", '{url}.sha256');
    expect(problemsOf(text)).toEqual([expect.stringMatching(/:10:\d+ expected YAML, .*needs quotes there$/)]);
  });
});

it('says each thing that is wrong as data too, with a code and a place', () => {
  const text = `${head}nmae: x\ntext: [{ path: /usr/x, content: '{typo}' }]\n`;
  expect(diagnosticsOf(text)).toEqual([
    expect.objectContaining({
      code: 'recipe.unknown-key',
      severity: 'error',
      place: { file: 'r.yaml', line: 8, column: 1 },
    }),
  ]);
  expect(diagnosticsOf(text.replace('nmae: x\n', ''))).toMatchObject([
    { code: 'recipe.placeholder', place: { file: 'r.yaml', line: 8 } },
  ]);
  expect(diagnosticsOf('a: [')).toMatchObject([{ code: 'recipe.syntax', place: { line: 1 } }]);
});

function diagnosticsOf(text: string): unknown {
  try {
    parseRecipe(text, 'r.yaml');
    return [];
  } catch (error) {
    return error instanceof UserError ? error.diagnostics : error;
  }
}
