import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from '@bakery/core/src/fetch/hash-file.ts';
import { secondsOf } from './stopwatch.ts';

export interface SampleArchive {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** A tar.gz of `megabytes` in files of some 10 MB that compress about as programs do: half noise, half text. */
export async function sampleArchive(work: string, megabytes: number): Promise<SampleArchive> {
  const tree = join(work, 'sample');
  await mkdir(join(tree, 'usr', 'bin'), { recursive: true });
  const files = Math.max(4, Math.floor(megabytes / 10));
  const bytes = Math.floor((megabytes * 1e6) / files);
  for (let file = 0; file < files; file += 1) {
    await writeFile(join(tree, 'usr', 'bin', `part-${file}`), content(bytes, file), { mode: 0o755 });
  }
  const path = join(work, `sample-${megabytes}.tar.gz`);
  await secondsOf('tar', ['czf', path, '-C', tree, 'usr']);
  await rm(tree, { recursive: true });
  return { path, size: (await stat(path)).size, sha256: await hashFile(path) };
}

const stripe = 64; // bytes

function content(bytes: number, seed: number): Buffer {
  const text = Buffer.from(`section ${seed} of a program with its tables and strings`.padEnd(stripe, '.'));
  const made = Buffer.alloc(bytes);
  let state = seed + 1;
  for (let at = 0; at < bytes; at += 1) {
    if (Math.floor(at / stripe) % 2 === 0) {
      made[at] = text[at % stripe] ?? 0;
    } else {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; // Knuth's linear congruential generator
      made[at] = state >>> 24;
    }
  }
  return made;
}
