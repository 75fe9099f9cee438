import { lstat, mkdir, mkdtempDisposable, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { UserError } from '@bakery/core/src/diagnostics/user-error.ts';

/** Something that reads what strangers wrote. */
export interface FuzzTarget {
  readonly name: string;
  /** Runs that a normal test run affords. */
  readonly budget: number;
  /** Resolves when all that is promised of any input holds of so many made-up ones. */
  readonly run: (runs: Runs) => Promise<Outcome>;
}

export interface Runs {
  readonly seed: number;
  readonly runs: number;
  /** Milliseconds after which no further input is made up; none by default. */
  readonly until?: number;
}

export interface Outcome {
  readonly runs: number;
  /** Inputs that were refused with a UserError. */
  readonly refused: number;
}

const mostWork = 20; // seconds of processor time for one small input

/**
 * `read` may come to a value or to a UserError, in bounded time, and may write below `scratch` only. Anything else
 * it promises it checks by itself.
 */
export function fuzzTarget<Input>(
  name: string,
  budget: number,
  inputs: fc.Arbitrary<Input>,
  read: (input: Input, scratch: string) => Promise<void> | void,
): FuzzTarget {
  return {
    name,
    budget,
    run: async ({ seed, runs, until }) => {
      let [made, refused] = [0, 0];
      const property = fc.asyncProperty(inputs, async (input) => {
        await using outside = await guardedFolder();
        const started = process.cpuUsage();
        made += 1;
        if (await isRefused(() => read(input, outside.scratch))) refused += 1;
        const { user, system } = process.cpuUsage(started);
        const seconds = (user + system) / 1e6;
        if (seconds > mostWork) throw new Error(`${seconds} s of work, expected at most ${mostWork}`);
        await outside.check();
      });
      const limit = until === undefined ? {} : { interruptAfterTimeLimit: until };
      await fc.assert(property, { seed, numRuns: runs, ...limit });
      return { runs: made, refused };
    },
  };
}

async function isRefused(work: () => Promise<void> | void): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}

/** A scratch folder beside which something lies that nobody may touch. */
async function guardedFolder() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'fuzz-'));
  const [scratch, kept] = [join(folder.path, 'scratch'), join(folder.path, 'kept')];
  await mkdir(scratch);
  await writeFile(kept, 'kept');
  const { mtimeNs } = await lstat(kept, { bigint: true });
  return {
    scratch,
    check: async () => {
      const names = (await readdir(folder.path)).toSorted();
      const now = await lstat(kept, { bigint: true });
      if (names.join() === 'kept,scratch' && now.mtimeNs === mtimeNs && now.size === 4n) return;
      throw new Error(`something was written beside the scratch folder: ${names.join(', ')}`);
    },
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}
