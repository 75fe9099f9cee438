import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell, startBakery } from './run-bakery.ts';

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  for (const version of ['1.9.0', '1.10.0', '2.0.0-rc1']) await bakery.putOut('alpha', version);
  await bakery.putOut('gamma', '1.0.0');
  await bakery.putOut('gamma', '2.0.0', { arches: ['amd64'] });
  await runWell(bakery, ['release', 'alpha:1.9.0', 'alpha:1.10.0']);
});
afterAll(async () => bakery[Symbol.asyncDispose]());

describe('bakery list', () => {
  it('shows the recipes of the user beside its own', async () => {
    const { stdout } = await runWell(bakery, ['list']);
    expect(stdout).toMatch(/^EXTENSION +ARCHES +VERSIONS FROM +WHAT$/m);
    for (const name of ['alpha', 'beta', 'bun', 'deno', 'gamma', 'nodejs']) {
      expect(stdout).toMatch(new RegExp(`^${name} +x86-64 arm64 `, 'm'));
    }
    expect((await runWell(bakery, ['list', '--plain', 'true'])).stdout).toMatch(/^alpha\nbeta\n/m);
  });

  it('gives scripts the same as JSON', async () => {
    const recipes: unknown = JSON.parse((await runWell(bakery, ['list', '--json'])).stdout);
    expect(recipes).toContainEqual({
      name: 'alpha',
      summary: 'Says its version',
      homepage: 'https://alpha.example/',
      license: 'MIT',
      arches: ['x86-64', 'arm64'],
      from: 'http',
    });
  });

  it.each([
    [['list', 'alpha'], '1.10.0\n1.9.0\n'],
    [['list', 'alpha', '--latest'], '1.10.0\n'],
    [['list', 'alpha', '--latest', 'true'], '1.10.0\n'],
    [['list', 'alpha', '--latest', 'false'], '1.10.0\n1.9.0\n'],
    [['list', 'gamma', '--plain', 'true'], '2.0.0\n1.0.0\n'],
    [['list', 'gamma', '--latest', '--plain'], '1.0.0\n'],
    [['list-bakery', 'alpha'], '1.10.0\n1.9.0\n'],
    [['list-bakery', 'alpha', '--plain', 'true'], '1.10.0\n1.9.0\n'],
    [['list-bakery', 'alpha', '--latest', 'true'], '1.10.0\n'],
    [['list-bakery', 'beta'], ''],
  ])('answers %j', async (args, stdout) => {
    expect(await runWell(bakery, args)).toMatchObject({ stdout });
  });

  it('tells scripts which arches a version has', async () => {
    const { stdout } = await runWell(bakery, ['list', 'gamma', '--json']);
    expect(JSON.parse(stdout)).toEqual([
      { version: '2.0.0', arches: ['x86-64'] },
      { version: '1.0.0', arches: ['x86-64', 'arm64'] },
    ]);
  });
});

describe('bakery check', () => {
  it('sets what is wanted against what is there', async () => {
    const { stdout } = await runWell(bakery, ['check', 'alpha', 'gamma', 'alpha:1.9.0']);
    expect(stdout.split('\n').map((line) => line.split(/ +/))).toEqual([
      ['build', 'gamma', '1.0.0', 'latest'],
      ['published', 'alpha', '1.10.0', 'latest'],
      ['published', 'alpha', '1.9.0', 'asked'],
      [''],
    ]);
  });
});

describe('bakery metadata', () => {
  it('repairs what somebody broke, and writes nothing else', async () => {
    const conf = join(bakery.folder, 'out/alpha/alpha.conf');
    const before = await readFile(conf, 'utf8');
    await bakery.write('out/alpha/alpha.conf', 'broken');
    expect((await runWell(bakery, ['metadata', 'alpha'])).stdout).toMatch(/^Written: alpha/);
    expect(await readFile(conf, 'utf8')).toBe(before);
    const { stdout } = await runWell(bakery, ['metadata', '--all', '--json']);
    expect(JSON.parse(stdout)).toEqual({ written: [], postponed: [], failures: [] });
  });
});

describe('bakery new', () => {
  it.each(['archive', 'binary', 'npm', 'build'])(
    'starts a recipe (%s) of which lint tells what is left',
    async (kind) => {
      const { stdout, stderr } = await runWell(bakery, ['new', `my-${kind}`, '--kind', kind]);
      expect(stdout).toContain(`recipes/my-${kind}/recipe.yaml\n`);
      expect(stderr).toBe(`Next: fill in recipes/my-${kind}/recipe.yaml, then bakery lint my-${kind}\n`);
      // Whoever may read the other folders may read it.
      const [made, other] = await Promise.all(
        [`my-${kind}`, 'alpha'].map((name) => stat(join(bakery.folder, 'recipes', name))),
      );
      expect(made?.mode).toBe(other?.mode);
      const lint = await runBakery(bakery, ['lint', `my-${kind}`]);
      expect(lint.code).toBe(1);
      const unfinished = new RegExp(
        `^recipes/my-${kind}/[^:]+:\\d+:\\d+ error: .*\\[lint\\.unfinished\\]$`,
        'm',
      );
      expect(lint.stdout).toMatch(unfinished);
    },
  );

  it('leaves alone what is there', async () => {
    const { code, stderr } = await runBakery(bakery, ['new', 'alpha']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'bakery: recipes/alpha: is there already; nothing was changed\n',
    });
    expect((await readdir(join(bakery.folder, 'recipes'))).filter((name) => name.startsWith('.'))).toEqual(
      [],
    );
  });
});

describe('bakery lint', () => {
  it('takes a path, and calls a recipe good or says why not, for scripts too', async () => {
    const { stdout } = await runWell(bakery, ['lint', 'nodejs', '--json']);
    expect(JSON.parse(stdout)).toEqual([{ recipe: 'nodejs', findings: [] }]);
    const { stdout: said } = await runWell(bakery, ['lint', 'recipes/alpha']);
    expect(said).toMatch(/^recipes\/alpha\/recipe\.yaml:1:1 warning: .*\[lint\.readme\]$/m);
  });
});

describe('bakery doctor', () => {
  it('shows tools, cache and room', async () => {
    const { stdout } = await runWell(bakery, ['doctor']);
    expect(stdout).toMatch(/^mksquashfs +good +\d/m);
    expect(stdout).toMatch(/^cache +good +\/.* free$/m);
    expect(stdout).toMatch(/^scratch +good +\/.* free$/m);
    const checks: unknown = JSON.parse((await runWell(bakery, ['doctor', '--json'])).stdout);
    expect(checks).toContainEqual({ what: 'node', state: 'good', detail: process.versions.node });
  });

  it('names the package of what is missing', async () => {
    const env = { PATH: '/nowhere' };
    const { stdout } = await runBakery(bakery, ['doctor'], { env });
    expect(stdout).toMatch(/^npm +missing +needed to .*: apt-get install npm$/m);
  });
});

describe('bakery --version', () => {
  it('says version and commit, as text and as JSON', async () => {
    const said: unknown = JSON.parse((await runWell(bakery, ['--version', '--json'])).stdout);
    expect(said).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    const { stdout } = await runWell(bakery, ['--version']);
    expect(stdout).toMatch(/^bakery \d+\.\d+\.\d+( \(commit [0-9a-f]{40}(, with local changes)?\))?\n$/);
  });
});

describe('help', () => {
  it.each([
    'list',
    'list-bakery',
    'check',
    'create',
    'release',
    'metadata',
    'lint',
    'verify',
    'new',
    'serve',
    'site',
    'doctor',
  ])('is the same for "help %s" and "%s --help"', async (command) => {
    const help = await runWell(bakery, ['help', command]);
    expect(help.stdout).toContain(`Usage: bakery ${command}`);
    expect(help.stdout).toContain('--recipes <dir>');
    expect(await runWell(bakery, [command, '--help'])).toEqual(help);
  });

  it('names every command', async () => {
    const { stdout } = await runWell(bakery, ['help']);
    expect(stdout).toMatch(/^ {2}release .*find, build and publish/m);
    expect(await runWell(bakery, ['--help'])).toMatchObject({ stdout });
  });

  it('shows the options of a recipe, with their defaults', async () => {
    for (const args of [
      ['create', 'alpha', '--help'],
      ['create', 'alpha', 'help'],
      ['help', 'create', 'alpha'],
    ]) {
      const { stdout } = await runWell(bakery, args);
      expect(stdout).toMatch(/--greeting <value> +What to say first\. \(default: hello\)/);
      expect(stdout).toContain('Options of the recipe: --greeting');
    }
  });
});

describe('bakery serve', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'prints its address, serves, and ends well on %s',
    async (signal) => {
      const child = startBakery(bakery, ['serve', '--port', '0']);
      const ended = once(child, 'exit');
      const [line] = await once(createInterface({ input: child.stdout }), 'line');
      const [, url = ''] = /(http:\/\/127\.0\.0\.1:\d+\/)/.exec(String(line)) ?? [];
      const answer = await fetch(`${url}alpha/SHA256SUMS`);
      expect(await answer.text()).toContain('  alpha-1.10.0-arm64.raw\n');
      expect((await fetch(`${url}alpha/SHA256SUMS.gpg`)).status).toBe(404);
      child.kill(signal);
      expect(await ended).toEqual([0, null]);
    },
  );

  it('needs a folder', async () => {
    const { code, stderr } = await runBakery(bakery, ['serve', '--store', 'dir:none', '--port', '0']);
    expect(code).toBe(1);
    expect(stderr).toBe('bakery: dir:none: expected a folder, found none\nhint: bakery release fills one\n');
  });
});
