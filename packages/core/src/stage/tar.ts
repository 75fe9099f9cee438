import { pipeline, type Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import { UserError } from '../diagnostics/user-error.ts';
import type { Member, MemberKind } from './members.ts';

// Old v7 archives have no magic; the checksum of the header still proves them.
const options = { highWaterMark: 1024 * 1024, allowUnknownFormat: true };

/** The members of an uncompressed tar stream, in order. A body that is not read is skipped. */
export async function* tarMembers(source: Readable): AsyncGenerator<Member> {
  const archive = extract(options);
  let isEmpty = true;
  source.once('data', () => (isEmpty = false));
  // Whatever fails in it reaches the loop below.
  pipeline(source, archive, () => {});
  for await (const entry of archive) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types of streamx say unknown
    yield tarMember(entry.header, entry as AsyncIterable<Uint8Array>);
    entry.resume();
  }
  // tar-stream takes an empty stream for an archive of nothing.
  if (isEmpty) throw new UserError('expected a tar archive, got nothing');
}

function tarMember(header: Header, body: AsyncIterable<Uint8Array>): Member {
  const isSparse = Object.keys(header.pax ?? {}).some((key) => key.startsWith('GNU.sparse.'));
  // Its types leave out that a kind tar-stream does not know is null.
  const type: string | null = isSparse ? null : header.type;
  const kind = kinds[type ?? ''] ?? 'other';
  return {
    path: header.name,
    kind,
    what:
      type === null ? 'a sparse file or another kind only GNU tar knows' : `a ${type.replaceAll('-', ' ')}`,
    mode: header.mode,
    size: kind === 'file' ? header.size : 0,
    linkname: header.linkname ?? '',
    body,
  };
}

const kinds: Readonly<Record<string, MemberKind>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'folder',
  symlink: 'symlink',
  link: 'hardlink',
};
