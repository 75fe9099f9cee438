import { basename, dirname } from 'node:path';
import { readInside } from './open-inside.ts';

/**
 * The bytes of a file that a person or another program put there, or `undefined` when there is none. Links out of
 * its folder, folders, special files and more than `maxBytes` are a UserError, which calls the file as `shown`.
 */
export async function readPlain(
  path: string,
  { maxBytes, shown = path }: { readonly maxBytes: number; readonly shown?: string },
): Promise<Buffer | undefined> {
  return readInside(dirname(path), basename(path), { maxBytes, shown: dirname(shown) });
}
