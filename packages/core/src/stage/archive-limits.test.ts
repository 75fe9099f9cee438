import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { arOf, debOf, tarGzOf, type TarMember, tarOf, zipOf } from '@bakery/testbed/archives.ts';
import { spawnExec } from '../ports/spawn.ts';
import type { ArchiveFormat } from './archive-format.ts';
import { archiveLimits } from './archive-limits.ts';
import type { Member } from './member.ts';
import { readMembers } from './members.ts';

const exec = spawnExec(process.env);
const limit = 10_000_000;

/** Reads an archive as all readers do, bodies included. */
async function read(bytes: Buffer, format: ArchiveFormat): Promise<string[]> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'limits-'));
  const path = join(folder.path, 'bomb');
  writeFileSync(path, bytes);
  const paths: string[] = [];
  for await (const member of readMembers({ path, format, label: 'bomb' }, limit, { exec })) {
    paths.push(member.path);
    for await (const _chunk of member.body);
  }
  return paths;
}

const deep = (depth: number, top: string): string => `${top}/${'d/'.repeat(depth - 1)}file`;
const claims = (type: TarMember['type'] & string, size: number): TarMember => ({ path: 'x', type, size });

describe('an archive that costs more than it weighs is refused', () => {
  it.each<[name: string, members: readonly TarMember[], reason: string]>([
    ['a path of 2,000 folders', [{ path: deep(2000, 'a') }], 'expected at most 64 folders in each other'],
    ['a path of 4,000 folders', [{ path: deep(4000, 'a') }], 'expected a path of at most 4095 bytes'],
    [
      'folders that only paths name',
      Array.from({ length: 4_100 }, (_, index) => ({ path: deep(62, `a${index}`) })),
      'expected at most 250000 files, folders and links',
    ],
    [
      'long names of many folders',
      Array.from({ length: 1_200 }, (_, index) => ({
        path: `${'n'.repeat(100)}/`.repeat(38).replace('n', `${index}`),
      })),
      'expected at most 67108864 bytes of paths',
    ],
    [
      'a long target',
      [{ path: 'l', type: 'symlink', pax: { linkpath: 'x/'.repeat(5000) } }],
      'at most 4095 bytes',
    ],
    [
      '100 MB of extended headers',
      [claims('pax', 100_000_000)],
      'at most 1048576 bytes in front of a member',
    ],
    [
      '100 MB of headers for all',
      [claims('pax for all', 100_000_000)],
      'at most 1048576 bytes in front of a member',
    ],
    ['a name of 100 MB', [claims('long name', 100_000_000)], 'at most 1048576 bytes in front of a member'],
    [
      'extended headers without end',
      Array.from({ length: 3_000 }, (): TarMember => ({ path: 'x', type: 'pax', content: '9 path=a\n' })),
      'at most 1048576 bytes in front of a member',
    ],
    ['more bytes than told', [{ path: 'a', size: limit + 1 }], `at most ${limit} bytes when unpacked`],
  ])('for %s', async (_name, members, reason) => {
    await expect(read(tarOf(members), 'tar')).rejects.toThrow(/^bomb: /);
    await expect(read(tarOf(members), 'tar')).rejects.toThrow(reason);
    await expect(read(debOf(members), 'deb')).rejects.toThrow(reason);
  });

  it('for a million empty files', () => {
    const admit = archiveLimits('bomb', limit);
    const millions = (): void => {
      for (let index = 0; index < 1_000_000; index += 1) admit(emptyFile(`f${index}`));
    };
    expect(millions).toThrow(
      'bomb: member "f250000": expected at most 250000 files, folders and links, got more',
    );
  });

  it('for members of a zip that share their bytes', async () => {
    await expect(read(overlapping(1_000), 'zip')).rejects.toThrow(
      'bomb: expected members that lie one after the other, got some that share their bytes',
    );
  });

  it('for a sum of sizes in a zip', async () => {
    const members = Array.from({ length: 11 }, (_, index) => ({
      path: `f${index}`,
      content: Buffer.alloc(1_000_000),
    }));
    await expect(read(zipOf(members), 'zip')).rejects.toThrow(`at most ${limit} bytes when unpacked`);
  });

  it('for a control member of ten gigabytes in a Debian package', async () => {
    const bytes = arOf([
      { name: 'debian-binary', content: '2.0\n' },
      { name: 'control.tar.gz', content: 'x' },
    ]);
    bytes.write('9999999999', bytes.indexOf('control.tar.gz') + 48, 'latin1');
    await expect(read(bytes, 'deb')).rejects.toThrow('bomb: expected one of data.tar');
  });

  it('for a Debian package whose members are called like what every object has', async () => {
    const bytes = arOf([{ name: 'constructor', content: 'x' }]);
    await expect(read(bytes, 'deb')).rejects.toThrow(/bomb: expected one of data.tar.*, got constructor$/);
  });

  it('for a dictionary of four gigabytes', async () => {
    const packed = execFileSync('xz', ['--stdout'], { input: tarOf([{ path: 'a', content: 'a' }]) });
    await expect(read(packed, 'tar.xz')).resolves.toEqual(['a']);
    await expect(read(withDictionary(packed, 40), 'tar.xz')).rejects.toThrow(
      /^bomb: xz: .*[Mm]emory usage limit/s,
    );
  });
});

it('takes hard links to hard links, empty files and folders named twice', async () => {
  const members: TarMember[] = [
    { path: 'a/', type: 'folder' },
    { path: 'a/b', content: 'b' },
    { path: 'a/c', type: 'hardlink', linkname: 'a/b' },
    { path: 'a/d', type: 'hardlink', linkname: 'a/c' },
    { path: './a/', type: 'folder' },
    { path: 'a/e' },
  ];
  expect(await read(tarGzOf(members), 'tar.gz')).toEqual(['a/', 'a/b', 'a/c', 'a/d', './a/', 'a/e']);
});

it('stops at the disk’s end in words', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'limits-'));
  writeFileSync(join(folder.path, 'a.tar'), tarOf([{ path: 'big', content: Buffer.alloc(3_000_000) }]));
  mkdirSync(join(folder.path, 'small'));
  const script = `
    import { mkdirSync } from 'node:fs';
    import { extractAll } from ${JSON.stringify(import.meta.resolve('../steps/extract-all.ts'))};
    mkdirSync('small/root');
    await extractAll({ path: 'a.tar', format: 'tar', label: 'a' }, 'small/root', 1e9, {})
      .catch((error) => console.log(error.name, error.message));`;
  const mount = 'mount -t tmpfs -o size=1m tmpfs small && exec "$@"';
  const command = [process.execPath, '--input-type=module', '-e', script];
  const said = execFileSync('unshare', ['-m', 'sh', '-c', mount, 'sh', ...command], {
    cwd: folder.path,
    encoding: 'utf8',
  });
  expect(said).toBe('UserError a: member "big": /big: cannot be written: the disk is full\n');
});

function emptyFile(path: string): Member {
  return { path, kind: 'file', what: '', mode: 0o644, size: 0, linkname: '', body: nothing() };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** A zip of `count` entries with one and the same content, stored once. */
function overlapping(count: number): Buffer {
  const content = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 251));
  const one = zipOf([{ path: 'f', content }]);
  const start = one.readUInt32LE(one.length - 22 + 16);
  const [local, entry, end] = [
    one.subarray(0, start),
    one.subarray(start, -22),
    Buffer.from(one.subarray(-22)),
  ];
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(entry.length * count, 12);
  return Buffer.concat([local, ...Array.from({ length: count }, () => entry), end]);
}

/** The same xz stream, but its first block asks for a dictionary of another size (by its code in the format). */
function withDictionary(packed: Buffer, code: number): Buffer {
  const bytes = Buffer.from(packed);
  const [start, size] = [12, ((bytes[12] ?? 0) + 1) * 4];
  bytes[bytes.indexOf(Buffer.from([0x21, 0x01]), start) + 2] = code;
  bytes.writeUInt32LE(crc32(bytes.subarray(start, start + size - 4)), start + size - 4);
  return bytes;
}
