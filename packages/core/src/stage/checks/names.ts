import { posix } from 'node:path';
import { error, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Entries } from './entries.ts';

const longest = 255; // bytes, NAME_MAX; SquashFS allows 256

/** Names that a file system, a manifest or a terminal cannot carry. */
export function checkNames({ all }: Entries): Diagnostic[] {
  return all.flatMap(({ path }) => {
    const name = posix.basename(path);
    const shown = JSON.stringify(path).slice(1, -1);
    if (/\p{Cc}/u.test(name))
      return [error('tree.name', shown, 'expected a name without control characters')];
    if (name.includes('\u{FFFD}')) return [error('tree.name', path, 'expected a name in UTF-8')];
    if (Buffer.byteLength(name) > longest)
      return [error('tree.name', path, `expected a name of at most ${longest} bytes`)];
    return [];
  });
}
