import { UserError } from '../../diagnostics/user-error.ts';
import type { Store } from '../../store/store.ts';

/**
 * What an index remembers in a file beside it; undefined when there is none. UserError when there is one that cannot be
 * read just now: a run that went on without it would offer hosts again what was taken from them.
 */
export async function readMemory(name: string, file: string, store: Store): Promise<string | undefined> {
  const [index] = await store.releases([name]);
  if (index?.assets.some((asset) => asset.name === file) !== true) return undefined;
  const text = await store.read(name, file);
  // The run that was to write it was killed: nothing is remembered yet.
  if (text !== undefined || (await store.isStump(name, file))) return text;
  throw new UserError(
    'store.contended',
    `${store.name}: ${name}/${file}: expected what its index lists, got nothing`,
    { hint: 'another run may be writing it; run again' },
  );
}
