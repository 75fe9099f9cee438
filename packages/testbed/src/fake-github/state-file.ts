import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { State } from './state.ts';

const fileName = 'state.v8';

/** What `saveState` left in this folder, or undefined. */
export async function loadState(folder: string): Promise<State | undefined> {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by saveState alone
    return deserialize(await readFile(join(folder, fileName))) as State;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

export async function saveState(folder: string, state: State): Promise<void> {
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `${fileName}.new`);
  await writeFile(draft, serialize(state));
  await rename(draft, join(folder, fileName));
}
