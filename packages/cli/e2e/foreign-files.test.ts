import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';

const run = promisify(execFile);

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.write('release_build_versions.txt', 'alpha latest\n');
  await bakery.putOut('alpha', '1.0.0');
});
afterAll(async () => bakery[Symbol.asyncDispose]());

describe('bakery create in a folder of the user', () => {
  it('replaces what it left itself, and nothing else without --force', async () => {
    const folder = join(bakery.folder, 'create');
    await bakery.write('create/bakery.yaml', 'recipes: [../recipes]\n');
    const here = { folder, env: bakery.env };
    const files = { 'alpha.raw': 'my disk', 'SHA256SUMS.alpha': 'my notes', 'alpha.conf': 'my settings' };
    await put(folder, files);
    const create = ['create', 'alpha', '1.0.0', '--sysupdate'];
    const { code, stderr } = await runBakery(here, create);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'bakery: alpha.raw, SHA256SUMS.alpha, alpha.conf: expected nothing of that name, or what an earlier run left, found others\n' +
        'hint: nothing was changed: move them away, or choose another folder; bakery create --force replaces them\n',
    });
    expect(await filesIn(folder)).toEqual({ ...files, 'bakery.yaml': 'recipes: [../recipes]\n' });
    await runWell(here, [...create, '--force']);
    await runWell(here, create);
  });
});

describe('bakery release into a folder of the user', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, string]>([
    [
      'srv',
      { 'debian-vm.raw': 'precious', 'nginx.conf': 'mine', 'alpha/disk.raw': 'other' },
      'alpha/, debian-vm.raw',
    ],
    ['merged', { 'alpha/usr/bin/alpha': 'other', 'docker.raw': 'image' }, 'alpha/, docker.raw'],
  ])('%s changes nothing, and says why', async (name, files, found) => {
    await put(join(bakery.folder, name), files);
    await refused(
      ['release', '--store', `dir:${name}`],
      `dir:${name}: expected an empty folder, or one that holds a store, found ${found}`,
    );
    expect(await filesIn(join(bakery.folder, name))).toEqual(files);
    await symlink(name, join(bakery.folder, `${name}-link`));
    await refused(['release', '--store', `dir:${name}-link`], `found ${found}`);
    expect(await filesIn(join(bakery.folder, name))).toEqual(files);
  });

  it('that is the current one changes nothing', async () => {
    const before = await filesIn(bakery.folder);
    await refused(
      ['release', '--store', 'dir:.'],
      'dir:.: expected an empty folder, or one that holds a store, found ',
    );
    expect(await filesIn(bakery.folder)).toEqual(before);
  });

  it.each(['/etc', '/var/lib/extensions'])('that is %s changes nothing', async (path) => {
    const copy = join(bakery.folder, 'system');
    await put(copy, { 'host.conf': 'multi on\n', 'docker.raw': 'image', 'ssh/sshd.conf': 'x' });
    // The real one is out of reach even for a bakery that would write there.
    const script = `mkdir -p "$1" && mount --bind "$2" "$1" && shift 2 && exec "$@"`;
    const main = join(import.meta.dirname, '../src/main.ts');
    const args = ['--mount', 'sh', '-c', script, 'sh', path, copy, process.execPath, main];
    const { code, stderr } = await run('unshare', [...args, 'release', '--store', `dir:${path}`], {
      cwd: bakery.folder,
      env: bakery.env,
    }).then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    );
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`dir:${path}: expected an empty folder`),
    });
    expect(await filesIn(copy)).toEqual({
      'host.conf': 'multi on\n',
      'docker.raw': 'image',
      'ssh/sshd.conf': 'x',
    });
  });
});

it('a store goes on beside what its user puts there, and takes none of it', async () => {
  await runWell(bakery, ['release', '--store', 'dir:out']);
  const mine = {
    'vm.raw': 'precious',
    'nginx.conf': 'mine',
    'alpha/disk.raw': 'mine',
    'alpha-1.0.0/notes.transfer': 'mine',
    'beta/x.raw': 'mine',
  };
  await put(join(bakery.folder, 'out'), mine);
  await bakery.putOut('alpha', '1.1.0');
  await runWell(bakery, ['release', '--store', 'dir:out']);
  expect(await filesIn(join(bakery.folder, 'out'))).toMatchObject(mine);

  // The same for a copy of it, whose files are other ones on the disk, without records.
  await cp(join(bakery.folder, 'out'), join(bakery.folder, 'old'), {
    recursive: true,
    filter: (path) => !path.endsWith('.bakery'),
  });
  await bakery.putOut('alpha', '1.2.0');
  await runWell(bakery, ['release', '--store', 'dir:old']);
  expect(await filesIn(join(bakery.folder, 'old'))).toMatchObject(mine);
  expect(await readFile(join(bakery.folder, 'old/alpha/SHA256SUMS'), 'utf8')).toMatch(
    /1\.0\.0[^]*1\.1\.0[^]*1\.2\.0/,
  );
});

async function refused(args: readonly string[], complaint: string): Promise<void> {
  const { code, stderr } = await runBakery(bakery, args);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(complaint) });
  expect(stderr).toContain('hint: ');
}

async function put(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

async function filesIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = paths
    .toSorted()
    .map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'latin1')] as const);
  return Object.fromEntries(await Promise.all(read));
}
