import { execFileSync } from 'node:child_process';
import { zstdCompressSync } from 'node:zlib';
import { type Arch, archNames } from '@bakery/core/src/names/arch.ts';
import { archiveFormat } from '@bakery/core/src/stage/archive-format.ts';
import type { ArchiveFormat } from '@bakery/core/src/stage/archive-format.ts';
import { debOf, elfOf, tarGzOf, type TarMember, tarOf, zipOf } from '../archives.ts';
import type { Member } from './fixture.ts';

/** What a made-up file is about; equal facts give equal bytes. */
export interface Facts {
  readonly version: string;
  readonly arch: Arch;
}

const regularFile = 0o100000;

/** The archive that upstream would serve under `name`, with these members in this order. */
export function archiveOf(name: string, members: Readonly<Record<string, Member>>, facts: Facts): Buffer {
  const made = Object.entries(members).flatMap(([path, member]) => memberOf(path, member, facts));
  const packed = pack[archiveFormat(name)]?.(made);
  if (packed === undefined) throw new Error(`${name}: an upstream of a test cannot make such an archive`);
  return packed;
}

const pack: Readonly<Partial<Record<ArchiveFormat, (members: readonly TarMember[]) => Buffer>>> = {
  tar: tarOf,
  'tar.gz': tarGzOf,
  'tar.xz': (members) => compress('xz', members),
  'tar.bz2': (members) => compress('bzip2', members),
  'tar.zst': (members) => zstdCompressSync(tarOf(members)),
  deb: debOf,
  zip: (members) =>
    zipOf(
      members.map(({ path, content = '', mode = 0o644 }) => ({
        path: path.toString(),
        content,
        mode: regularFile | mode,
      })),
    ),
};

function compress(program: 'xz' | 'bzip2', members: readonly TarMember[]): Buffer {
  return execFileSync(program, ['-1', '-c'], { input: tarOf(members) });
}

/** The content of a single file. */
export function fileOf(name: string, member: Member, facts: Facts): Buffer {
  return Buffer.from(memberOf(name, member, facts)[0]?.content ?? '');
}

function memberOf(path: string, member: Member, { version, arch }: Facts): TarMember[] {
  if (typeof member !== 'string' && member.members !== undefined) {
    return [{ path, content: archiveOf(path, member.members, { version, arch }) }];
  }
  const line = `${path} ${version} ${arch}\n`;
  const { mode, elf, text, link, folder, arches } = longForm(member, line);
  if (arches !== undefined && !arches.includes(arch)) return [];
  const octal = mode === undefined ? {} : { mode: Number.parseInt(mode, 8) };
  if (link !== undefined) return [{ path, type: 'symlink', linkname: link }];
  if (folder !== undefined) return [{ path, type: 'folder', ...octal }];
  if (elf === undefined) return [{ path, ...octal, content: text ?? line }];
  return [
    { path, mode: 0o755, ...octal, content: Buffer.concat([elfOf(archNames(arch).elf), Buffer.from(line)]) },
  ];
}

function longForm(member: Member, line: string): Exclude<Member, string> {
  if (typeof member !== 'string') return member;
  if (member === 'elf') return { elf: true };
  if (member === 'script') return { text: `#!/bin/sh\n# ${line}`, mode: '0755' };
  return { text: line };
}
