import { error, type Finding } from '../../diagnostics/finding.ts';
import type { Entries } from './entries.ts';

const longest = 255; // bytes, NAME_MAX; SquashFS allows 256

/** Names that a file system, a manifest or a terminal cannot carry. */
export function checkNames({ all }: Entries): Finding[] {
  return all.flatMap(({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const shown = JSON.stringify(path).slice(1, -1);
    if (/\p{Cc}/u.test(name)) return [error(shown, 'expected a name without control characters')];
    if (name.includes('\u{FFFD}')) return [error(path, 'expected a name in UTF-8')];
    if (Buffer.byteLength(name) > longest)
      return [error(path, `expected a name of at most ${longest} bytes`)];
    return [];
  });
}
