import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';
import { UserError } from '../diagnostics/user-error.ts';
import { archiveKind } from './archive-kind.ts';
import type { Member, MemberKind } from './member.ts';

const unix = 3; // host system in "version made by" (APPNOTE 4.4.2.2)
const longestLink = 4096; // bytes, PATH_MAX on Linux

export const zip = archiveKind({
  format: 'zip',
  endings: ['.zip'],
  tools: [],
  members: (path) => zipMembers(path),
});

/** The members of a zip file, in the order of its central directory. */
async function* zipMembers(path: string): AsyncGenerator<Member> {
  // Names stay raw, or yauzl would refuse hostile ones itself and change others.
  const file = await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false });
  try {
    let stored = 0;
    for await (const entry of file.eachEntry()) {
      stored += entry.compressedSize;
      if (stored > file.fileSize) {
        throw new UserError(
          'archive.damaged',
          'expected members that lie one after the other, got some that share their bytes',
        );
      }
      yield await zipMember(file, entry);
    }
  } finally {
    file.close();
  }
}

async function zipMember(file: ZipFile, entry: Entry): Promise<Member> {
  const path = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
  if (entry.isEncrypted())
    throw new UserError('archive.refused', `member "${path}": expected a plain one, got an encrypted one`);
  const bits = entry.versionMadeBy >>> 8 === unix ? entry.externalFileAttributes >>> 16 : 0;
  const kind = zipKind(bits, path);
  const usual = kind === 'folder' ? 0o755 : 0o644;
  return {
    path,
    kind,
    what: 'a special file',
    mode: bits === 0 ? usual : bits & 0o7777,
    size: kind === 'file' ? entry.uncompressedSize : 0,
    linkname: kind === 'symlink' ? await linkTarget(file, entry, path) : '',
    body: lazily(() => file.openReadStreamPromise(entry)),
  };
}

function zipKind(bits: number, path: string): MemberKind {
  switch (bits & 0o170000) {
    case 0o100000:
      return 'file';
    case 0o120000:
      return 'symlink';
    case 0o040000:
      return 'folder';
    case 0:
      return path.endsWith('/') ? 'folder' : 'file';
    default:
      return 'other';
  }
}

/** A zip keeps the target of a link as its content. */
async function linkTarget(file: ZipFile, entry: Entry, path: string): Promise<string> {
  if (entry.uncompressedSize > longestLink) {
    throw new UserError(
      'archive.damaged',
      `member "${path}": expected a link target of at most ${longestLink} bytes, got ${entry.uncompressedSize}`,
    );
  }
  return (await buffer(await file.openReadStreamPromise(entry))).toString('utf8');
}

async function* lazily(open: () => Promise<Readable>): AsyncGenerator<Uint8Array> {
  yield* (await open()) as AsyncIterable<Uint8Array>;
}
