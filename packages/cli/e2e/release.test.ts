import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';
import { filesOf, leftovers, manifestOf, releasedImages } from './store-folder.ts';

describe('bakery release', () => {
  it('publishes everything, then nothing, then exactly what is new', async () => {
    await using bakery = await exampleBakery();
    const store = join(bakery.folder, 'out');
    await bakery.write('release_build_versions.txt', 'alpha latest\nbeta latest\ngamma latest\n');
    await bakery.putOut('alpha', '1.9.0');
    await bakery.putOut('beta', 'v2.0.0');
    await bakery.putOut('gamma', '3.1.0');
    await bakery.putOut('gamma', '4.0.0');

    const first = await runWell(bakery, ['release']);
    expect(first.stdout).toMatch(/^PUBLISHED +VERSION +IMAGE/);
    expect(first.stdout).toContain('Metadata written: alpha, beta, gamma, the global index.');
    expect(first.stdout).toContain('./bakery serve --store dir:out');
    expect(await releasedImages(store)).toEqual(
      ['alpha-1.9.0', 'beta-v2.0.0', 'gamma-3.1.0', 'gamma-4.0.0'].flatMap((tag) =>
        ['arm64', 'x86-64'].map((arch) => `${tag}/${tag}-${arch}.raw`),
      ),
    );
    expect(await readdir(bakery.tmpdir)).toEqual([]);
    expect(await leftovers(store)).toEqual([]);
    await expectSound(store);
    const before = await filesOf(store);

    const second = await runBakery(bakery, ['release']);
    expect(second).toMatchObject({
      code: 0,
      stdout: 'Nothing to do: all 4 wanted versions are in dir:out.\n',
    });
    expect(await filesOf(store)).toEqual(before);

    await bakery.putOut('alpha', '1.10.0');
    const third = await runWell(bakery, ['release']);
    expect(third.stdout).toContain('Metadata written: alpha, the global index.');
    const now = await filesOf(store);
    expect(Object.keys(now).filter((path) => path.startsWith('alpha-1.10.0/'))).toEqual([
      'alpha-1.10.0/SHA256SUMS',
      'alpha-1.10.0/alpha-1.10.0-arm64.raw',
      'alpha-1.10.0/alpha-1.10.0-x86-64.raw',
      'alpha-1.10.0/alpha-1.10.0.cdx.json',
      'alpha-1.10.0/alpha-1.10.0.inputs.json',
      'alpha-1.10.0/alpha-v1.conf',
      'alpha-1.10.0/alpha-v1.transfer',
      'alpha-1.10.0/alpha.conf',
      'alpha-1.10.0/alpha.transfer',
    ]);
    expect(now).toMatchObject(without(before, ['SHA256SUMS', 'catalogue.json', 'alpha/SHA256SUMS']));
    expect([...(await manifestOf(join(store, 'alpha'))).keys()].toSorted()).toEqual([
      'alpha-1.10.0-arm64.raw',
      'alpha-1.10.0-x86-64.raw',
      'alpha-1.9.0-arm64.raw',
      'alpha-1.9.0-x86-64.raw',
    ]);
    await expectSound(store);
  });

  it('lets the others land when one fails, names it, and builds it the next time', async () => {
    await using bakery = await exampleBakery();
    const store = join(bakery.folder, 'out');
    await bakery.write('release_build_versions.txt', 'alpha latest\nbeta latest\n');
    await bakery.putOut('alpha', '1.0.0');
    await bakery.putOut('beta', 'v2.0.0');
    bakery.spoil('alpha', '1.0.0');

    const first = await runBakery(bakery, ['release']);
    expect(first.code).toBe(1);
    expect(first.stdout).toMatch(/failed: alpha 1\.0\.0\n {2}recipes\/alpha\/recipe\.yaml:19:\d+ /);
    expect(first.stdout).toContain('sha256');
    expect(first.stdout).toContain('beta-v2.0.0-arm64.raw');
    expect(first.stdout).not.toContain('is complete');
    expect(await readdir(bakery.tmpdir)).toEqual([]);
    expect((await releasedImages(store)).map((path) => path.split('/')[0])).toEqual([
      'beta-v2.0.0',
      'beta-v2.0.0',
    ]);
    await expectSound(store);

    await bakery.mend('alpha', '1.0.0');
    const second = await runBakery(bakery, ['release']);
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('alpha-1.0.0-x86-64.raw') });
    expect(second.stdout).not.toContain('beta-v2.0.0');
    expect(second.stdout).toContain('dir:out is complete; a host’s systemd-sysupdate reads alpha from');
  });

  it('calls a store complete only when nothing is left for the next run', async () => {
    await using bakery = await exampleBakery();
    await bakery.write('release_build_versions.txt', 'alpha latest\nbeta latest\n');
    await bakery.putOut('alpha', '1.0.0');
    await bakery.putOut('beta', 'v2.0.0');
    const { stdout } = await runWell(bakery, ['release', '--max-builds', '1']);
    expect(stdout).toContain('1 left for the next run because of --max-builds.');
    expect(stdout).toContain('A host’s systemd-sysupdate reads alpha from');
    expect(stdout).not.toContain('is complete');
    await bakery.putOut('beta', 'v2.1.0');
    const status = await runWell(bakery, ['status', '--store', 'dir:out']);
    const today = '\\d{4}-\\d\\d-\\d\\d';
    expect(status.stdout).toMatch(new RegExp(`^beta +nothing +v2\\.1\\.0 +1 version, since ${today}$`, 'm'));
    const badge = JSON.parse((await runWell(bakery, ['status', '--store', 'dir:out', '--badge'])).stdout);
    expect(badge).toMatchObject({ message: '1 behind', color: 'yellow' });
    await runWell(bakery, ['site', '--store', 'dir:out', '--out', 'site']);
    const page = await readFile(join(bakery.folder, 'site/status/index.html'), 'utf8');
    expect(page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')).toMatch(
      new RegExp(`beta 1 version v2\\.0\\.0 ${today} a run builds no more than 1; the next run builds it`),
    );
    await runWell(bakery, ['release']);
    expect(JSON.parse((await runWell(bakery, ['status', '--json'])).stdout).extensions[1]).toEqual({
      name: 'beta',
      missing: [],
      published: 'v2.1.0',
    });
    const kept: unknown = JSON.parse(
      await readFile(join(bakery.folder, 'out/bakery-status/status.json'), 'utf8'),
    );
    expect(kept).toEqual({ status: 1, failing: {} });
  });

  it('goes on when the recipe or the upstream of one is gone, and tells both', async () => {
    await using bakery = await exampleBakery();
    await bakery.write('release_build_versions.txt', 'alpha latest\nbeta latest\nbteta 1.0\n');
    await bakery.putOut('beta', 'v2.0.0');
    const { code, stdout } = await runBakery(bakery, ['release']);
    expect(code).toBe(1);
    expect(stdout).toContain('failed: alpha latest\n  https://alpha.example/');
    expect(stdout).toMatch(/failed: bteta 1\.0\n {2}bteta: expected the name of a recipe/);
    expect(stdout).toContain('did you mean beta?');
    expect(await releasedImages(join(bakery.folder, 'out'))).toHaveLength(2);
  });

  it('waits with a version until all arches have it', async () => {
    await using bakery = await exampleBakery();
    const store = join(bakery.folder, 'out');
    await bakery.putOut('alpha', '1.0.0');
    await bakery.putOut('alpha', '1.1.0', { arches: ['amd64'] });
    await runWell(bakery, ['release', 'alpha']);
    expect((await manifestOf(store)).has('alpha-1.0.0-arm64.raw')).toBe(true);
    expect((await readdir(store)).filter((name) => name.includes('1.1.0'))).toEqual([]);

    await bakery.putOut('alpha', '1.1.0', { arches: ['aarch64'] });
    await runWell(bakery, ['release', 'alpha']);
    expect((await manifestOf(store)).has('alpha-1.1.0-arm64.raw')).toBe(true);
  });

  it('bakes the newest complete version while upstream lacks files of a newer one, and says so', async () => {
    await using bakery = await exampleBakery();
    const store = join(bakery.folder, 'out');
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await bakery.putOut('alpha', version);
    bakery.withdraw('alpha', '1.2.0');
    const first = await runWell(bakery, ['release', 'alpha']);
    expect(first.stdout).toContain(
      'alpha 1.2.0 is left out for an older one: upstream lacks https://alpha.example/1.2.0/alpha-amd64.tar.gz and 1 more.',
    );
    expect((await manifestOf(store)).has('alpha-1.1.0-arm64.raw')).toBe(true);
    expect((await runWell(bakery, ['check', 'alpha'])).stdout).toMatch(
      /^published +alpha +1\.1\.0 +latest\nincomplete +alpha +1\.2\.0 +upstream lacks /,
    );

    await bakery.mend('alpha', '1.2.0');
    await runWell(bakery, ['release', 'alpha']);
    expect((await manifestOf(store)).has('alpha-1.2.0-arm64.raw')).toBe(true);
  });

  it('fails with what is missing where no version is complete', async () => {
    await using bakery = await exampleBakery();
    await bakery.putOut('alpha', '1.0.0');
    bakery.withdraw('alpha', '1.0.0');
    const { code, stdout } = await runBakery(bakery, ['release', 'alpha']);
    expect(code).toBe(1);
    expect(stdout).toContain('failed: alpha 1.0.0\n');
    expect(stdout).not.toContain('is left out');
  });

  it('says so when there is no version for all arches', async () => {
    await using bakery = await exampleBakery();
    await bakery.putOut('gamma', '1.0.0', { arches: ['amd64'] });
    await bakery.putOut('gamma', '2.0.0', { arches: ['aarch64'] });
    const { code, stdout } = await runBakery(bakery, ['release', 'gamma']);
    expect(code).toBe(1);
    expect(stdout).toContain('every arch of the recipe: 2 found, newest 2.0.0 for arm64 only');
  });

  it('builds pins that upstream no longer lists, once, beside latest', async () => {
    await using bakery = await exampleBakery();
    const list =
      '# what hosts need\nalpha 1.0.0 # the last with the old protocol\nalpha latest\nbeta 2.0.0\n';
    await bakery.write('release_build_versions.txt', list);
    for (const version of ['1.0.0', '1.1.0']) await bakery.putOut('alpha', version);
    await bakery.putOut('beta', 'v2.0.0');
    const { code, stdout } = await runBakery(bakery, ['check', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).build).toEqual([
      { name: 'alpha', version: '1.1.0', why: 'latest' },
      { name: 'beta', version: 'v2.0.0', why: 'pinned' },
      { name: 'alpha', version: '1.0.0', why: 'pinned', reason: 'the last with the old protocol' },
    ]);
  });

  it('ends in the same state when two run at once', async () => {
    await using bakery = await exampleBakery();
    await bakery.write('release_build_versions.txt', 'alpha latest\nbeta latest\n');
    await bakery.putOut('alpha', '1.0.0');
    await bakery.putOut('beta', 'v2.0.0');
    await runWell(bakery, ['release', '--store', 'dir:alone']);
    const both = await Promise.all([1, 2].map(() => runBakery(bakery, ['release', '--store', 'dir:both'])));
    expect(both).toMatchObject([{ code: 0 }, { code: 0 }]);
    const together = join(bakery.folder, 'both');
    expect(await filesOf(together)).toEqual(await filesOf(join(bakery.folder, 'alone')));
    expect(await leftovers(together)).toEqual([]);
    expect(await readdir(bakery.tmpdir)).toEqual([]);
    await expectSound(together);
  });
});

/** Every manifest names exactly the images beside it, with their hashes. */
async function expectSound(store: string): Promise<void> {
  const files = await filesOf(store);
  const folders = new Set(Object.keys(files).map((path) => path.split('/').slice(0, -1).join('/')));
  for (const folder of folders) {
    const images = Object.entries(files).filter(
      ([path]) => path.endsWith('.raw') && path.split('/').slice(0, -1).join('/') === folder,
    );
    const there = new Map(images.map(([path, sha256]) => [path.split('/').at(-1) ?? '', sha256]));
    const listed = await manifestOf(join(store, folder));
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(there));
  }
  const text = await readFile(join(store, 'SHA256SUMS'), 'utf8');
  expect(text.endsWith('\n')).toBe(true);
}

function without(files: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !names.includes(path)));
}
