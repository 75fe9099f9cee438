import { mkdir, mkdtempDisposable, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type SampleOptions, writeSampleTree } from '../../testing/sample-tree.ts';
import { warning } from '../diagnostics/diagnostic.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { extensionReleasePath } from '../systemd/extension-release.ts';
import { withSystemFolders } from '../tools/search-path.ts';
import { ImageFormat } from './formats.ts';
import { packImage } from './pack.ts';
import { verifyImage, type VerifyContext } from './verify.ts';

const path = withSystemFolders(process.env['PATH'] ?? '');
const ctx: VerifyContext = {
  exec: spawnExec({ ...process.env, PATH: path }),
  path,
  isRoot: process.getuid?.() === 0,
  temporary: tmpdir(),
};

describe('verifyImage', () => {
  it.each(ImageFormat.options)('finds nothing wrong with a good %s image', async (format) => {
    await using folder = await temporary();
    const image = await bake(folder.path, 'sample-v1.2-rc3-x86-64.raw', {}, format);
    const { findings, ...told } = await verifyImage(image, ctx);
    expect(findings).toEqual([]);
    expect(told).toMatchObject({ format, name: 'sample', version: 'v1.2-rc3', arch: 'x86-64' });
    expect(told.entries).toBeGreaterThan(130);
  });

  it.each(ImageFormat.options)('hands the unpacked tree of a %s image to further checks', async (format) => {
    await using folder = await temporary();
    const image = await bake(folder.path, 'sample.raw', {}, format);
    const seen: string[] = [];
    const { findings } = await verifyImage(image, {
      ...ctx,
      checkTree: async (root, { name, arch }) => {
        seen.push(name, arch, await readFile(join(root, 'usr/lib/sample/ünïcode'), 'utf8'));
        return [warning('tree.name', '/usr/x', 'seen')];
      },
    });
    expect(seen).toEqual(['sample', 'x86-64', 'odd letters']);
    expect(findings).toEqual([warning('tree.name', '/usr/x', 'seen')]);
  });

  it.each<[string, string, SampleOptions, string]>([
    [
      'of another name',
      'other-1.0-x86-64.raw',
      {},
      'got other-1.0-x86-64.raw: systemd-sysext goes by the name',
    ],
    ['whose name only begins like it', 'sample-tools-1.0-x86-64.raw', {}, 'got sample-tools-1.0-x86-64.raw'],
    [
      'for another arch',
      'sample-1.0-arm64.raw',
      {},
      'expected ARCHITECTURE=arm64 as in the file name, got x86-64',
    ],
    [
      'with an ID of nothing',
      'sample.raw',
      extra(extensionReleasePath('sample'), 'ID=\n'),
      'expected ID=, got none',
    ],
    [
      'with a name of arch systemd does not know',
      'sample.raw',
      extra(extensionReleasePath('sample'), 'ID=_any\nARCHITECTURE="amd64"\n'),
      'expected ARCHITECTURE=x86-64 or arm64 or riscv64, got amd64',
    ],
    [
      'with two extension-release files',
      'sample.raw',
      extra(extensionReleasePath('second'), 'ID=_any\n'),
      'expected one extension-release file, got sample, second',
    ],
    [
      'with something beside usr/ and opt/',
      'sample.raw',
      extra('etc/passwd', 'x'),
      'only usr/ and opt/ at the top',
    ],
    ['with an os-release', 'sample.raw', extra('usr/lib/os-release', 'x'), 'expected no os-release'],
  ])('complains of an image %s', async (_what, file, options, message) => {
    await using folder = await temporary();
    const { findings } = await verifyImage(await bake(folder.path, file, options), ctx);
    expect(findings.map((finding) => [finding.severity, finding.message])).toContainEqual([
      'error',
      expect.stringContaining(message),
    ]);
  });

  it('sees owners, special bits, pipes and the mode of the root that others left', async () => {
    await using folder = await temporary();
    const root = join(folder.path, 'tree');
    await mkdir(root);
    await writeSampleTree(root, {});
    const image = join(folder.path, 'sample.raw');
    await ctx.exec.run('mkfifo', [join(root, 'usr/bin/pipe')]);
    await ctx.exec.run('chmod', ['4755', join(root, 'usr/bin/private')]);
    await ctx.exec.run('mksquashfs', [root, image, '-force-uid', '1000', '-root-mode', '0700', '-quiet']);
    const { findings } = await verifyImage(image, ctx);
    const lines = findings.map(({ severity, place, message }) => `${severity} ${place.file}: ${message}`);
    expect(lines).toEqual(
      expect.arrayContaining([
        'error /usr/bin: expected owner 0:0, got 1000:0',
        'error /: expected a folder of mode 0755, got 0700',
        'error /usr/bin/pipe: expected a file, folder or symlink, got a device, socket or pipe',
        "warning /usr/bin/private: runs with other rights than its caller's (setuid)",
      ]),
    );
  });

  it.each(ImageFormat.options)('says that a %s image is cut short', async (format) => {
    await using folder = await temporary();
    const image = await bake(folder.path, 'sample.raw', {}, format);
    await truncate(image, 200_000);
    await expect(verifyImage(image, ctx)).rejects.toThrow(
      new RegExp(`truncated ${format} image: expected \\d+ bytes, got 200000`),
    );
  });

  it.each(['squashfs', 'erofs', 'btrfs', 'ext4'] as const)(
    'says that a %s image is damaged',
    async (format) => {
      await using folder = await temporary();
      const image = await bake(folder.path, 'sample.raw', {}, format);
      await overwrite(image, format === 'btrfs' || format === 'ext4' ? 'all' : 'data');
      await expect(verifyImage(image, ctx)).rejects.toThrow(`damaged ${format} image`);
    },
  );

  it.each([
    ['', 'got an empty file'],
    ['not an image at all', 'got a file that begins with 6e6f7420616e2069'],
  ])('refuses a file that holds %j', async (text, message) => {
    await using folder = await temporary();
    const image = join(folder.path, 'x.raw');
    await writeFile(image, text);
    await expect(verifyImage(image, ctx)).rejects.toThrow(message);
  });

  it('calls no image damaged for a mistake of ours or a fault of the disk', async () => {
    await using folder = await temporary();
    const image = await bake(folder.path, 'sample.raw', {}, 'squashfs');
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' });
    for (const error of [new TypeError('x is not a function'), full]) {
      const checkTree = () => Promise.reject(error);
      await expect(verifyImage(image, { ...ctx, checkTree })).rejects.toBe(error);
    }
  });

  it('names an image that is not there', async () => {
    await expect(verifyImage('/nowhere/x.raw', ctx)).rejects.toThrow(
      '/nowhere/x.raw: expected an image, found none',
    );
  });
});

function extra(file: string, text: string): SampleOptions {
  return { extra: { [file]: text } };
}

function temporary() {
  return mkdtempDisposable(join(tmpdir(), 'verify-test-'));
}

async function bake(
  folder: string,
  file: string,
  options: SampleOptions,
  format: ImageFormat = 'squashfs',
): Promise<string> {
  const root = join(folder, 'tree');
  await mkdir(root, { recursive: true });
  await writeSampleTree(root, options);
  const output = join(folder, file);
  await packImage(
    { root, output, format, name: 'sample', epoch: 0, extSize: 64 * 2 ** 20 },
    { ...ctx, report: silentReport },
  );
  return output;
}

/** Writes noise over the file: behind its superblocks, or only over the middle of its data. */
async function overwrite(image: string, part: 'all' | 'data'): Promise<void> {
  await using file = await open(image, 'r+');
  const { size } = await file.stat();
  const noise = Buffer.alloc(part === 'data' ? 20_000 : 4_000_000, 0x5a);
  await file.write(noise, 0, noise.length, part === 'data' ? Math.floor(size / 3) : 80_000);
}
