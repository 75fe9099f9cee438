import { createReadStream } from 'node:fs';
import { archiveKind, type ArchiveKind } from './archive-kind.ts';
import { type Compression, decompress, toolsOfCompression } from './compression.ts';
import { tarMembers, tarOverhead } from './tar.ts';

const readSize = 1024 * 1024; // bytes

export const tar = tarKind('tar', 'none', ['.tar']);
export const tarGz = tarKind('tar.gz', 'gz', ['.tar.gz', '.tgz']);
export const tarXz = tarKind('tar.xz', 'xz', ['.tar.xz', '.txz']);
export const tarBz2 = tarKind('tar.bz2', 'bz2', ['.tar.bz2', '.tbz2', '.tbz']);
export const tarZst = tarKind('tar.zst', 'zst', ['.tar.zst', '.tzst']);

function tarKind<const Format extends string>(
  format: Format,
  compression: Compression,
  endings: readonly string[],
): ArchiveKind<Format> {
  return archiveKind({
    format,
    endings,
    tools: toolsOfCompression[compression],
    members: (path, limit, context) => {
      const data = createReadStream(path, { highWaterMark: readSize });
      return tarMembers(decompress(data, compression, limit + tarOverhead, context));
    },
  });
}
