import { createReadStream } from 'node:fs';
import { archiveKind, type ArchiveKind } from './archive-kind.ts';
import { type Compression, decompress, toolsOfCompression } from './compression.ts';
import type { Member } from './member.ts';

const readSize = 1024 * 1024; // bytes

/** What a recipe calls the one file inside: few formats keep its name, and it often holds a version. */
const memberName = 'content';

export const gz = compressedFile('gz', ['.gz']);
export const xz = compressedFile('xz', ['.xz']);
export const bz2 = compressedFile('bz2', ['.bz2']);
export const zst = compressedFile('zst', ['.zst']);

/** One file, compressed by itself; it stands for a program, as what `place` takes does. */
function compressedFile<const Format extends Compression>(
  format: Format,
  endings: readonly string[],
): ArchiveKind<Format> {
  return archiveKind({
    format,
    endings,
    tools: toolsOfCompression[format],
    members: async function* (path, limit, context): AsyncGenerator<Member> {
      const body = decompress(createReadStream(path, { highWaterMark: readSize }), format, limit, context);
      yield {
        path: memberName,
        kind: 'file',
        what: 'a file',
        mode: 0o755,
        size: undefined,
        linkname: '',
        body,
      };
    },
  });
}
