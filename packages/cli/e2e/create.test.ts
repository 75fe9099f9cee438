import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';
import { hashOf } from './store-folder.ts';

const verify = ['verify', '--json'];

let bakery: ExampleBakery;
/** The same, in a folder of its own for each test. */
let here: Pick<ExampleBakery, 'folder' | 'env'>;
let count = 0;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.putOut('alpha', '1.0.0');
  await bakery.putOut('alpha', '1.1.0');
});
beforeEach(async () => {
  count += 1;
  await bakery.write(`build-${count}/bakery.yaml`, 'recipes: [../recipes]\n');
  here = { folder: join(bakery.folder, `build-${count}`), env: bakery.env };
});
afterAll(async () => bakery[Symbol.asyncDispose]());

describe('bakery create', () => {
  it('leaves an image, its hash and the record of its inputs', async () => {
    const { stdout } = await runWell(here, ['create', 'alpha', 'latest']);
    expect(await files()).toEqual(['SHA256SUMS.alpha', 'alpha.inputs.json', 'alpha.raw']);
    const sha256 = await hashOf(join(here.folder, 'alpha.raw'));
    expect(await textOf('SHA256SUMS.alpha')).toBe(`${sha256}  alpha.raw\n`);
    expect(stdout).toMatch(/^\/.*\/alpha\.raw {2}\d+\.\d kB {2}sha256:/);
    expect(stdout).toContain(sha256);
    const inputs: unknown = JSON.parse(await textOf('alpha.inputs.json'));
    expect(inputs).toMatchObject({ sha256, format: 'squashfs', epoch: 0, options: { greeting: 'hello' } });
    expect(await readdir(bakery.tmpdir)).toEqual([]);
    expect(JSON.parse((await runWell(here, [...verify, 'alpha.raw'])).stdout)).toEqual([
      expect.objectContaining({ path: 'alpha.raw', name: 'alpha', format: 'squashfs', findings: [] }),
    ]);
  });

  it('takes every option of the reference bakery in its "--flag value" form', async () => {
    const args =
      'create alpha v1.0.0 --arch arm64 --name beside --output-file here --os fedora:41 --force-reload true';
    const more = '--sysupdate true --format ext4 --ext-fs-size 16M --epoch 1700000000 --greeting hi';
    await runWell(here, [...args.split(' '), ...more.split(' ')]);
    expect(await files()).toEqual([
      'SHA256SUMS.beside',
      'beside-v1.conf',
      'beside-v1.transfer',
      'beside.conf',
      'beside.transfer',
      'here.inputs.json',
      'here.raw',
    ]);
    expect((await stat(join(here.folder, 'here.raw'))).size).toBe(16 * 1024 ** 2);
    expect(JSON.parse(await textOf('here.inputs.json'))).toMatchObject({
      file: 'beside-1.0.0-arm64.raw',
      format: 'ext4',
      epoch: 1_700_000_000,
      options: { greeting: 'hi' },
    });
    expect(await textOf('beside.conf')).toContain('\nMatchPattern=beside-@v-%a.raw\n');
    const debugfs = ['-R', 'cat /usr/lib/extension-release.d/extension-release.beside', 'here.raw'];
    const release = await program('debugfs', debugfs);
    expect(release.split('\n').toSorted()).toEqual(
      ['', 'ARCHITECTURE=arm64', 'EXTENSION_RELOAD_MANAGER=1', 'ID=fedora', 'VERSION_ID=41'].toSorted(),
    );
  });

  it('makes identical bytes twice, whatever the folder, the number of jobs and the umask', async () => {
    await runWell(here, ['create', 'alpha', '1.0.0', '--jobs', '1']);
    await runWell(here, ['create', 'alpha', '1.0.0', '--jobs', '2', '--output-file', 'again']);
    expect(await hashOf(join(here.folder, 'again.raw'))).toBe(await hashOf(join(here.folder, 'alpha.raw')));
  });

  it('replaces an image only by a whole one', async () => {
    await runWell(here, ['create', 'alpha', '1.0.0']);
    const before = await hashOf(join(here.folder, 'alpha.raw'));
    bakery.spoil('alpha', '1.1.0');
    const env = { BAKERY_CACHE: join(here.folder, '.cache') };
    const { code, stderr } = await runBakery(here, ['create', 'alpha', '1.1.0'], { env });
    await bakery.mend('alpha', '1.1.0');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^bakery: \.\.\/recipes\/alpha\/recipe\.yaml:\d+:\d+ .*expected sha256:/m);
    expect(await hashOf(join(here.folder, 'alpha.raw'))).toBe(before);
    expect(await readdir(bakery.tmpdir)).toEqual([]);
  });
});

describe('bakery verify', () => {
  it('finds an image that calls itself otherwise, and ends with 1', async () => {
    await runWell(here, ['create', 'alpha', '1.0.0', '--output-file', 'gamma']);
    const { code, stdout } = await runBakery(here, ['verify', 'gamma.raw']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^gamma\.raw: 1 error\(s\): /);
    expect(stdout).toMatch(/^ {2}error: .*expected an image called alpha\.raw or .*, got gamma\.raw/m);
  });

  it('tells what is no image, and what is missing, as failures of the file', async () => {
    await bakery.write(`build-${count}/text.raw`, 'hello\n'.repeat(1000));
    for (const file of ['text.raw', 'none.raw']) {
      const { code, stderr } = await runBakery(here, ['verify', file]);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^bakery: .*(text|none)\.raw: /),
      });
    }
  });

  it('sees a cut image', async () => {
    await runWell(here, ['create', 'alpha', '1.0.0']);
    await chmod(join(here.folder, 'alpha.raw'), 0o644);
    await program('truncate', ['-s', '100K', 'alpha.raw']);
    expect((await runBakery(here, ['verify', 'alpha.raw'])).code).toBe(1);
  });
});

async function files(): Promise<string[]> {
  const names = await readdir(here.folder);
  return names.filter((name) => name !== 'bakery.yaml').toSorted();
}

function textOf(file: string): Promise<string> {
  return readFile(join(here.folder, file), 'utf8');
}

function program(name: string, args: readonly string[]): Promise<string> {
  return runChecked(spawnExec(bakery.env), name, args, { cwd: here.folder });
}
