import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pid } from 'node:process';

let count = 0;

/** A hidden name beside `name` that says which process works on it. */
export function temporaryName(name: string): string {
  return `.${name}.${pid}-${++count}.partial`;
}

/** Removes what killed processes left of an image that was to become `output`. */
export async function removeAbandoned(output: string): Promise<void> {
  const folder = dirname(output);
  const prefix = `.${basename(output)}.`;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue;
    const owner = /^(\d+)-\d+\.partial$/.exec(name.slice(prefix.length))?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) await rm(join(folder, name), { force: true });
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // EPERM: somebody else's process, alive.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
