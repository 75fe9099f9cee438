import type { Readable } from 'node:stream';
import { UserError } from '../diagnostics/user-error.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';
import type { Member, MemberKind } from './member.ts';
import { parsePaxRecords, type PaxRecords } from './pax-records.ts';
import { blockSize, parseTarHeader, type TarHeader, untilNul } from './tar-header.ts';

// All that stands in front of one member to say more of it. A path has 4 KiB at most, and so has a target.
const maxExtension = 1024 * 1024; // bytes
const pieceSize = 1024 * 1024; // bytes of a body handed over at once

/**
 * The members of an uncompressed tar stream, in order: v7, POSIX and GNU. A body that is not read is skipped. Time
 * and memory grow with the bytes of the stream, whatever stands in them.
 */
export async function* tarMembers(source: Readable): AsyncGenerator<Member> {
  await using input = byteReader(source);
  let isEmpty = true;
  let shared: PaxRecords = {};
  let own: PaxRecords = {};
  let extension = 0;
  for (;;) {
    const block = await input.take(blockSize);
    if (block.length === 0) break;
    isEmpty = false;
    const header = parseTarHeader(block);
    if (header === undefined) continue; // the end mark, or what fills the last record
    if (extensionTypes.test(header.type)) {
      extension += blockSize + header.size;
      if (extension > maxExtension) {
        throw new UserError(
          'archive.damaged',
          `expected at most ${maxExtension} bytes in front of a member, got more`,
        );
      }
      const body = await input.take(header.size);
      if (body.length < header.size) throw new Error('unexpected end');
      await skip(input, padding(header.size));
      if (header.type === 'g') shared = parsePaxRecords(body);
      else own = { ...own, ...extended(header, body) };
      continue;
    }
    const { size, ...member } = described(header, { ...shared, ...own });
    own = {};
    extension = 0;
    const stored = member.kind === 'folder' ? 0 : size;
    const rest = { left: stored };
    yield { ...member, size: member.kind === 'file' ? stored : 0, body: bodyOf(input, rest) };
    await skip(input, rest.left + padding(stored));
  }
  if (isEmpty) throw new UserError('archive.damaged', 'expected a tar archive, got nothing');
}

/** Bytes a tar may hold beside what is in its files: headers and padding, which no limit of a recipe means. */
export const tarOverhead = 256 * 1024 * 1024;

/** POSIX for the next member and for all that follow; GNU’s long name and long target. */
const extensionTypes = /^[xgLKN]$/;

function extended({ type }: TarHeader, body: Buffer): PaxRecords {
  if (type === 'x') return parsePaxRecords(body);
  const path = untilNul(body).toString('utf8');
  return type === 'K' ? { linkpath: path } : { path };
}

function described(header: TarHeader, pax: PaxRecords): Omit<Member, 'body'> & { readonly size: number } {
  const path = pax.path ?? header.name;
  // Before POSIX a folder was a file whose name ends in "/".
  const isFile = header.type === '0' || header.type === '\0';
  const type = isFile && path.endsWith('/') ? '5' : header.type;
  const kind = pax.isSparse === true ? 'other' : (kinds[type] ?? 'other');
  return {
    path,
    kind,
    what:
      (pax.isSparse === true ? undefined : specials[type]) ??
      'a sparse file or another kind only GNU tar knows',
    mode: header.mode & 0o7777,
    size: pax.size ?? header.size,
    linkname: pax.linkpath ?? header.linkname,
    hasCapabilities: pax.hasCapabilities === true,
  };
}

const kinds: Readonly<Record<string, MemberKind>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file', // laid out in one piece, said nobody since
  '1': 'hardlink',
  '2': 'symlink',
  '5': 'folder',
};
const specials: Readonly<Record<string, string>> = {
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a fifo',
};

async function* bodyOf(input: ByteReader, rest: { left: number }): AsyncGenerator<Uint8Array> {
  while (rest.left > 0) {
    const piece = await input.some(Math.min(rest.left, pieceSize));
    if (piece.length === 0) throw new Error('unexpected end');
    rest.left -= piece.length;
    yield piece;
  }
}

async function skip(input: ByteReader, count: number): Promise<void> {
  for (let left = count; left > 0;) {
    const piece = await input.some(left);
    if (piece.length === 0) throw new Error('unexpected end');
    left -= piece.length;
  }
}

function padding(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize;
}
