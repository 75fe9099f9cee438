import { mkdir, mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { UserError } from '../diagnostics/user-error.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { checkTree } from '../stage/check-tree.ts';
import { extensionReleasePath } from '../systemd/extension-release.ts';
import { withSystemFolders } from '../tools/search-path.ts';
import { ImageFormat } from './formats.ts';
import { packImage } from './pack.ts';
import { verifyImage } from './verify.ts';

const path = withSystemFolders(process.env['PATH'] ?? '');
const ctx = { exec: spawnExec({ ...process.env, PATH: path }), path, isRoot: process.getuid?.() === 0 };
const rounds = Number(process.env['BAKERY_FLIPS'] ?? 8); // of each kind and format; thousands by hand

describe('a damaged image', () => {
  it.each(ImageFormat.options)(
    'of %s is judged, or refused with its name and what is wrong',
    async (format) => {
      await using folder = await mkdtempDisposable(join(tmpdir(), 'damaged-'));
      const bytes = await sample(folder.path, format);
      const random = numbers(format.length * 7919 + format.charCodeAt(0));
      const used = lastUsed(bytes);
      const outcomes: string[] = [];
      for (let round = 0; round < rounds; round++) {
        outcomes.push(await outcome(folder.path, flip(bytes, random, used)));
        outcomes.push(await outcome(folder.path, bytes.subarray(0, Math.floor(random() * used))));
        outcomes.push(await outcome(folder.path, overwrite(bytes, random, used)));
      }
      expect(outcomes.filter((one) => one !== 'judged' && one !== 'refused')).toEqual([]);
      // Most of what is flipped is noticed, and what is cut always.
      expect(outcomes.filter((one) => one === 'refused').length).toBeGreaterThanOrEqual(rounds);
      expect(await readdir(folder.path)).toEqual(['tree', 'x.raw']);
    },
  );
});

/** An image with everything in a few kilobytes of content. */
async function sample(folder: string, format: ImageFormat): Promise<Buffer> {
  const root = join(folder, 'tree');
  const release = extensionReleasePath('x');
  await mkdir(join(root, 'usr/lib/extension-release.d'), { recursive: true });
  await mkdir(join(root, 'usr/lib/systemd/system'), { recursive: true });
  await writeFile(join(root, release), 'ID=_any\nARCHITECTURE=x86-64\n');
  await writeFile(join(root, 'usr/lib/systemd/system/x.service'), '[Service]\nExecStart=/usr/bin/x\n');
  for (let index = 0; index < 40; index++) {
    await writeFile(join(root, `usr/lib/file-${index}`), `${index} is the content\n`.repeat(index * 20));
  }
  const output = join(folder, 'x.raw');
  const job = { root, output, format, name: 'x', epoch: 0, extSize: 4 * 2 ** 20 };
  await packImage(job, { ...ctx, report: silentReport });
  return readFile(output);
}

async function outcome(folder: string, bytes: Buffer): Promise<string> {
  const image = join(folder, 'x.raw');
  await writeFile(image, bytes);
  try {
    await verifyImage(image, { ...ctx, temporary: folder, checkTree });
    return 'judged';
  } catch (error) {
    if (!(error instanceof UserError)) return String(error instanceof Error ? error.stack : error);
    return error.message.startsWith(`${image}: `) ? 'refused' : error.message;
  }
}

function flip(bytes: Buffer, random: () => number, end: number): Buffer {
  const copy = Buffer.from(bytes);
  const count = 1 + Math.floor(random() * 8);
  for (let index = 0; index < count; index++) {
    const at = Math.floor(random() * end);
    copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  }
  return copy;
}

/** Puts random bytes over a piece. */
function overwrite(bytes: Buffer, random: () => number, end: number): Buffer {
  const copy = Buffer.from(bytes);
  const start = Math.floor(random() * end);
  const stop = Math.min(end, start + 1 + Math.floor(random() * 4096));
  for (let at = start; at < stop; at++) copy[at] = Math.floor(random() * 256);
  return copy;
}

/** Behind it are zeros only. */
function lastUsed(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end;
}

/** The same numbers from 0 to 1 each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}
