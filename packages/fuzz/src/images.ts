import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { ImageFormat } from '@bakery/core/src/image/formats.ts';
import { packImage } from '@bakery/core/src/image/pack.ts';
import { verifyImage, type VerifyContext } from '@bakery/core/src/image/verify.ts';
import { silentReport } from '@bakery/core/src/ports/report.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { writeExtensionRelease } from '@bakery/core/src/systemd/extension-release.ts';
import { withSystemFolders } from '@bakery/core/src/tools/search-path.ts';
import { edited, edits } from './edits.ts';
import { fuzzTarget } from './target.ts';

const path = withSystemFolders(process.env['PATH'] ?? '');
const context = {
  exec: spawnExec({ ...process.env, PATH: path }),
  report: silentReport,
  path,
  isRoot: process.getuid?.() === 0,
};
const sound = new Map<ImageFormat, Promise<Buffer>>();

/** Sound images of every format, damaged in a few places. */
export const images = fuzzTarget(
  'images',
  10,
  fc.record({ format: fc.constantFrom(...ImageFormat.options), changes: edits(3) }),
  async ({ format, changes }, scratch) => {
    const image = await (sound.get(format) ?? make(format));
    const [file, temporary] = [join(scratch, 'tool.raw'), join(scratch, 'temporary')];
    await mkdir(temporary);
    await writeFile(file, edited(image, changes));
    const ctx: VerifyContext = { ...context, temporary };
    await verifyImage(file, ctx);
  },
);

function make(format: ImageFormat): Promise<Buffer> {
  const made = pack(format);
  sound.set(format, made);
  return made;
}

async function pack(format: ImageFormat): Promise<Buffer> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fuzz-image-'));
  const root = join(folder.path, 'root');
  await mkdir(join(root, 'usr/bin'), { recursive: true });
  await writeFile(join(root, 'usr/bin/tool'), '#!/bin/sh\necho tool\n', { mode: 0o755 });
  await writeFile(join(root, 'usr/bin/large'), 'large '.repeat(20_000));
  await writeExtensionRelease(root, { name: 'tool', os: { id: '_any' }, arch: 'x86-64', reload: false }, 0);
  const output = join(folder.path, 'tool.raw');
  const extSize = 4 * 1024 ** 2; // bytes
  await packImage(
    { root, output, format, name: 'tool', epoch: 0, ...(format.startsWith('ext') ? { extSize } : {}) },
    context,
  );
  return readFile(output);
}
