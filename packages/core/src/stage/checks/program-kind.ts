import { closeSync, openSync, readSync } from 'node:fs';

export type ProgramKind =
  | { readonly is: 'elf' }
  /** The words behind "#!". */
  | { readonly is: 'script'; readonly interpreter: readonly string[] }
  | { readonly is: 'packed' | 'other'; readonly what: string };

const packed: readonly (readonly [bytes: string, what: string])[] = [
  ['BZh', 'bzip2 data'],
  ['\u001F\u008B', 'gzip data'],
  ['\u00FD7zXZ', 'xz data'],
  ['\u0028\u00B5\u002F\u00FD', 'zstd data'],
  ['PK\u0003\u0004', 'a zip archive'],
];

const longestShebang = 256; // bytes the kernel reads (BINPRM_BUF_SIZE)

/** What execve(2) would make of a file, by its first bytes. */
export function programKind(path: string): ProgramKind {
  const start = firstBytes(path);
  if (start.startsWith('\u007FELF')) return { is: 'elf' };
  if (start.startsWith('#!')) {
    const line = start.slice(2).split('\n')[0] ?? '';
    return { is: 'script', interpreter: line.trim().split(/\s+/) };
  }
  const found = packed.find(([bytes]) => start.startsWith(bytes));
  if (found !== undefined) return { is: 'packed', what: found[1] };
  return { is: 'other', what: start === '' ? 'an empty file' : 'neither' };
}

function firstBytes(path: string): string {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(longestShebang);
    return start.toString('latin1', 0, readSync(file, start));
  } finally {
    closeSync(file);
  }
}
