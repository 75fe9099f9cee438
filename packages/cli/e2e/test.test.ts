import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Inputs } from '@bakery/core/src/provenance/inputs.ts';
import { testbedCache } from '@bakery/testbed/debian-host/debian-root.ts';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { npmSettings } from './npm-settings.ts';
import { runBakery, runWell } from './run-bakery.ts';

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.putOut('alpha', '1.0.0');
  await bakery.putOut('beta', 'v2.0');
});
afterAll(async () => bakery[Symbol.asyncDispose]());

describe('bakery test', () => {
  it('tries what it builds and what is there, together', async () => {
    await runWell(bakery, ['create', 'alpha', '1.0.0']);
    const { stdout } = await runWell(bakery, ['test', 'alpha.raw', 'beta']);
    expect(stdout.replaceAll(/ on this machine \(.*\)| in \d+\.\d s/g, '')).toMatchInlineSnapshot(`
"alpha 1.0.0 for x86-64
  ok      keeps the rules of extensions
  ok      is for this host
  ok      takes nothing from the host
  ok      merges, and the host still runs
  ok      alpha
  ok      leaves the host as it was

beta v2.0 for x86-64
  ok      keeps the rules of extensions
  ok      is for this host
  ok      takes nothing from the host
  ok      ships no file of alpha
  ok      merges, and the host still runs
  ok      beta
  ok      leaves the host as it was

0 failed, 13 passed, 0 skipped
"
`);
    expect(await readdir(bakery.tmpdir)).toEqual([]);
  });

  it('fails where a promise of the recipe is not kept, and says where that stands', async () => {
    const recipe = 'recipes/alpha/recipe.yaml';
    const text = await readFile(join(bakery.folder, recipe), 'utf8');
    await bakery.write(recipe, `${text}  - { run: alpha, prints: omega }\n`);
    const ended = await runBakery(bakery, [
      'test',
      'alpha:1.0.0',
      '--junit',
      'reports/new/result.xml',
      '--json',
    ]);
    await bakery.write(recipe, text);
    expect(ended.code).toBe(1);
    const checks = JSON.parse(ended.stdout).images[0].checks.filter(
      ({ what }: { what: string }) => what === 'alpha',
    );
    const lines = text.split('\n');
    const line = lines.indexOf('  - run: alpha') + 1;
    const kept = {
      what: 'alpha',
      result: 'passed',
      said: [],
      place: { file: recipe, line, column: 5 },
      seconds: expect.any(Number),
    };
    const said = ['expected it to print "omega", got', 'alpha 1.0.0'];
    const broken = {
      ...kept,
      result: 'failed',
      said,
      place: { file: recipe, line: lines.length, column: 5 },
    };
    expect(checks).toEqual([kept, broken]);
    expect(await readFile(join(bakery.folder, 'reports/new/result.xml'), 'utf8')).toContain(
      `file="${recipe}" line="${lines.length}"`,
    );
  });

  it('has nothing to run of an image that no recipe is known of', async () => {
    const ended = await runBakery(bakery, ['test', 'alpha.raw', '--recipes', 'recipes/beta']);
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('skipped runs what its recipe says: there is no recipe of alpha here'),
    });
  });

  it.each([
    [['nowhere.raw'], 'nowhere.raw: expected an image, found none'],
    [['alpha:1.0.0', 'alpha:1.0.0'], 'expected each extension once, got alpha again'],
    [['alpha.raw', 'alpha:1.0.0'], 'alpha.raw: expected each extension once, got alpha again'],
    [['bakery.yaml'], 'bakery.yaml: expected an image of'],
    [['alpha.raw', '--junit', 'bakery.yaml/x.xml'], 'bakery.yaml'],
  ])('refuses %j in words', async (args, message) => {
    const ended = await runBakery(bakery, ['test', ...args]);
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toContain('Build ');
  });

  it('makes no folder for a result that there is not', async () => {
    const ended = await runBakery(bakery, ['test', 'alpha:9.9.9', '--junit', 'results/of/x.xml']);
    expect(ended.code).not.toBe(0);
    expect(await readdir(bakery.folder)).not.toContain('results');
  });
});

describe('bakery test --host debian:trixie', () => {
  // Most machines have the library by accident.
  it('finds the library that nodejs 26 wants and a bare host lacks', async () => {
    const user = {
      folder: bakery.folder,
      env: {
        ...bakery.env,
        HOME: homedir(),
        BAKERY_MIRRORS: '',
        BAKERY_CACHE: testbedCache(), // the system is the same for all runs; to make it takes a while
        ...npmSettings(process.env),
      },
    };
    await runWell(user, ['create', 'nodejs', '26.12.1', '--compression', 'gzip', '--level', '1']);
    const here = await runBakery(user, ['test', 'nodejs.raw', '--host', 'debian:trixie']);
    expect(here.code).toBe(1);
    expect(here.stdout).toContain(
      '  FAILED  programs find their loader and libraries\n          /usr/bin/node: libatomic.so.1 => not found\n',
    );
    expect(here.stdout).toContain('  ok      takes nothing from the host\n');
  });

  it('takes a unit that is reloaded by /bin/kill, as most are', async () => {
    await bakery.write(
      'recipes/reloaded/recipe.yaml',
      `recipe: 1
name: reloaded
summary: Waits
homepage: https://reloaded.example/
license: MIT
versions: { from: pinned, versions: ['1.0.0'] }
arch: { x86-64: x64, arm64: arm64 }
units: [{ name: reloaded.service, start: user }]
text:
  - path: /usr/lib/systemd/system/reloaded.service
    content: |
      [Service]
      ExecStart=/usr/bin/sleep infinity
      ExecReload=/bin/kill -s HUP $MAINPID
`,
    );
    const user = { folder: bakery.folder, env: { ...bakery.env, BAKERY_CACHE: testbedCache() } };
    const ended = await runBakery(user, ['test', 'reloaded:1.0.0', '--host', 'debian:trixie']);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('  ok      units load\n') });
  });
});

describe('bakery release', () => {
  const broken = 'recipes/alpha/recipe.yaml';
  let text: string;
  beforeAll(async () => {
    text = await readFile(join(bakery.folder, broken), 'utf8');
    await bakery.write(broken, `${text}  - { run: alpha, prints: omega }\n`);
  });
  afterAll(() => bakery.write(broken, text));

  it('keeps out what fails its test, says why and where, and publishes the others', async () => {
    const ended = await runBakery(bakery, ['release', 'alpha:1.0.0', 'beta:2.0', '--store', 'dir:gated']);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('failed: alpha 1.0.0\n  alpha 1.0.0 for ');
    const line = text.split('\n').length;
    const place = `${broken}:${line}:5`;
    expect(ended.stdout).toContain(`  ${place} alpha: expected it to print "omega", got\n    alpha 1.0.0\n`);
    expect(ended.stdout).toContain('hint: bakery test tries it again; with --no-test');
    expect(ended.stderr).toMatch(/beta v2\.0 for \S+: 0 failed, \d passed, 0 skipped/);
    expect(ended.stderr).toMatch(
      /beta v2\.0 for \S+: test skipped: this machine is \S+ and does not emulate/,
    );
    const gated = await readdir(join(bakery.folder, 'gated'));
    expect(gated).toContain('beta-v2.0');
    expect(gated.filter((name) => name.startsWith('alpha-'))).toEqual([]);
    const record = await readFile(join(bakery.folder, 'gated/beta-v2.0/beta-v2.0.inputs.json'), 'utf8');
    const { images } = Inputs.parse(JSON.parse(record));
    expect(Object.values(images).map(({ test }) => test)).toEqual(
      expect.arrayContaining([
        { verdict: 'passed', host: expect.stringMatching(/^this machine \(/) },
        { verdict: 'skipped' },
      ]),
    );
  });

  it.each([
    ['--no-test', ['--no-test'], 'recipes: [recipes]\n'],
    ['test: off in bakery.yaml', [], 'recipes: [recipes]\ntest: off\n'],
  ])('publishes it all the same with %s', async (_, args, config) => {
    await bakery.write('bakery.yaml', config);
    const store = join(bakery.folder, `ungated${args.length}`);
    await runWell(bakery, ['release', 'alpha:1.0.0', '--store', `dir:${store}`, ...args]);
    expect(await readdir(store)).toContain('alpha-1.0.0');
  });
});
