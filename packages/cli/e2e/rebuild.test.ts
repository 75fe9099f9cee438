import { mkdtempDisposable, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { npmSettings } from './npm-settings.ts';
import { runBakery, runWell } from './run-bakery.ts';
import { filesOf } from './store-folder.ts';

const rebuild = ['rebuild', 'alpha', '1.0.0'];
const recipe = 'recipes/alpha/recipe.yaml';
const url = 'https://alpha.example/1.0.0/alpha-amd64.tar.gz';

let bakery: ExampleBakery;
let original: string;
beforeAll(async () => {
  bakery = await exampleBakery();
  original = await readFile(join(bakery.folder, recipe), 'utf8');
  await bakery.putOut('alpha', '1.0.0');
});
beforeEach(async () => {
  await rm(join(bakery.folder, 'out'), { recursive: true, force: true });
  await bakery.write(recipe, original);
  await bakery.mend('alpha', '1.0.0');
});
afterAll(async () => bakery[Symbol.asyncDispose]());

describe('bakery rebuild', () => {
  it('makes the same bytes again, packed as they were', async () => {
    await runWell(bakery, ['release', 'alpha:1.0.0', '--level', '3', '--epoch', '1700000000']);
    const { stdout } = await runWell(bakery, rebuild);
    expect(stdout).toMatch(
      /^alpha 1\.0\.0 x86-64: the same bytes, sha256:[0-9a-f]{64}\nalpha 1\.0\.0 arm64: the/,
    );
  });

  it('writes what came of it into the catalogue where it is told to, and nowhere else', async () => {
    await runWell(bakery, ['release', 'alpha:1.0.0', '--level', '1']);
    const before = await filesOf(join(bakery.folder, 'out'));
    await runWell(bakery, rebuild);
    expect(await filesOf(join(bakery.folder, 'out'))).toEqual(before);
    await runWell(bakery, [...rebuild, '--publish']);
    const after = await filesOf(join(bakery.folder, 'out'));
    const changed = Object.keys(after).filter((file) => after[file] !== before[file]);
    expect(changed).toEqual(['catalogue.json']);
    await runWell(bakery, ['metadata', '--all']);
    const { stdout } = await runWell(bakery, ['info', 'alpha', '--json']);
    const { images, rebuild: whole } = JSON.parse(stdout).versions[0];
    expect(whole).toEqual({ verdict: 'passed', at: images[1].rebuild.at });
    expect(images[0].rebuild).toMatchObject({ verdict: 'same', machine: expect.any(String) });
  });

  it('names the recipe that is another one now, and the first file that differs', async () => {
    await runWell(bakery, ['release', 'alpha:1.0.0']);
    await edit(recipe, (text) =>
      text.replace('default: hello', 'default: hi').replace('{greeting}', '{greeting}!'),
    );
    const { code, stdout } = await runBakery(bakery, [...rebuild, '--arch', 'x86-64']);
    expect(stdout).toMatch(/^alpha 1\.0\.0 x86-64: other files: published sha256:/);
    expect(stdout).toContain('\n  first difference: /usr/share/alpha/greeting\n');
    expect(stdout).toMatch(/\n {2}recipe: sha256:\w+ when it was published, sha256:\w+ now\n/);
    expect(stdout).toMatch(/\n {2}not explained by tools and libraries\n$/);
    expect(code).toBe(1);
  });

  it('takes the recipe of the recorded commit, where git has it', async () => {
    await git('init', '--quiet');
    await commit();
    await runWell(bakery, ['release', 'alpha:1.0.0']);
    await edit(recipe, (text) => text.replace('{greeting}', '{greeting}!'));
    await commit();
    expect((await runWell(bakery, rebuild)).stdout).toMatch(
      /x86-64: the same bytes,.*\n.*arm64: the same bytes,/,
    );
  });

  it('names an artifact that upstream has otherwise, or no more; what is in the cache is enough', async () => {
    await runWell(bakery, ['release', 'alpha:1.0.0']);
    const record = await readFile(join(bakery.folder, recordFile), 'utf8');
    const [, sha256] = /"sha256": "(\w+)",\s+"proved"/.exec(record) ?? [];
    const env = { BAKERY_CACHE: join(bakery.folder, 'other-cache') };
    bakery.spoil('alpha', '1.0.0');
    const spoilt = await runBakery(bakery, rebuild, { env });
    expect(spoilt.stderr).toContain(`${url}: expected sha256:${sha256}`);
    bakery.withdraw('alpha', '1.0.0');
    const gone = await runBakery(bakery, rebuild, { env });
    expect(gone.stderr).toContain(`${url}: expected a file, got 404`);
    expect([spoilt.code, gone.code]).toEqual([1, 1]);
    await runWell(bakery, rebuild);
  });

  it('explains other bytes of the same files by another library, and by nothing else', async () => {
    await runWell(bakery, ['release', 'alpha:1.0.0', '--level', '1']);
    const forget = { packing: undefined };
    await editRecord((image) => ({
      ...image,
      ...forget,
      libraries: { ...image.libraries, libzstd: '1.4.0' },
    }));
    const explained = await runWell(bakery, [...rebuild, '--arch', 'x86-64']);
    expect(explained.stdout).toMatch(/^alpha 1\.0\.0 x86-64: the same files, packed otherwise: /);
    expect(explained.stdout).toMatch(
      /\n {2}libzstd: 1\.4\.0 when it was published, \S+ now\n {2}which explains it\n$/,
    );
    await editRecord((image) => ({ ...image, libraries: undefined }));
    const bare = await runBakery(bakery, [...rebuild, '--arch', 'x86-64', '--json']);
    expect(JSON.parse(bare.stdout)).toMatchObject([
      { verdict: 'same files', isExplained: false, changed: [] },
    ]);
    expect(bare.code).toBe(1);
  });

  it('says what is not published', async () => {
    const { code, stderr } = await runBakery(bakery, rebuild);
    expect(stderr).toMatch(
      /^bakery: alpha-1\.0\.0: expected alpha-1\.0\.0\.inputs\.json in dir:out, found none$/m,
    );
    expect(code).toBe(1);
  });

  it('builds Node.js and Bun again from their real packages', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'rebuild-'));
    const env = { PATH: bakery.env['PATH'] ?? '', HOME: homedir(), TMPDIR: tmpdir() };
    const here = { folder: folder.path, env: { ...npmSettings(process.env), ...env } };
    await runWell(here, ['release', 'nodejs:26.10.0', 'bun:1.3.0', '--level', '1']);
    for (const [name, version] of [
      ['nodejs', '26.10.0'],
      ['bun', '1.3.0'],
    ] as const) {
      const { stdout } = await runWell(here, ['rebuild', name, version, '--json']);
      expect(JSON.parse(stdout)).toMatchObject([{ verdict: 'same' }, { verdict: 'same' }]);
    }
  });
});

const recordFile = 'out/alpha-1.0.0/alpha-1.0.0.inputs.json';

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(bakery.folder, file);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

type Image = Readonly<Record<string, unknown>> & { readonly libraries?: object | undefined };

async function editRecord(change: (image: Image) => Image): Promise<void> {
  // Without its own notes of what it wrote, a store believes SHA256SUMS, which names images alone.
  await rm(join(bakery.folder, 'out/.bakery'), { recursive: true, force: true });
  await edit(recordFile, (text) => {
    const record: { images: Record<string, Image> } = JSON.parse(text);
    const images = Object.entries(record.images).map(([arch, image]) => [arch, change(image)]);
    return JSON.stringify({ ...record, images: Object.fromEntries(images) });
  });
}

function git(...args: string[]): Promise<unknown> {
  return runChecked(spawnExec(process.env), 'git', ['-C', bakery.folder, ...args]);
}

async function commit(): Promise<void> {
  await git('add', 'recipes', 'bakery.yaml');
  await git('-c', 'user.name=a', '-c', 'user.email=a@localhost', 'commit', '--quiet', '-m', 'x');
}
