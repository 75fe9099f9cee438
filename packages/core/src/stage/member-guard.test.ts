import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { debOf, tarGzOf, type TarMember, tarOf, type ZipMember, zipOf } from '@bakery/testbed/archives.ts';
import { spawnExec } from '../ports/spawn.ts';
import type { ArchiveFormat } from './archive-format.ts';
import { createTree } from './tree.ts';
import { unpack } from './unpack.ts';

const exec = spawnExec(process.env);

async function unpackInto(
  folder: string,
  bytes: Buffer,
  format: ArchiveFormat,
  picked: { readonly limit?: number; readonly files?: readonly [member: string, to: string] } = {},
): Promise<void> {
  const path = join(folder, `sample.${format}`);
  const root = join(folder, 'root');
  writeFileSync(path, bytes);
  if (!existsSync(root)) mkdirSync(root);
  const where =
    picked.files === undefined
      ? { into: '/usr/x' }
      : { files: [{ member: picked.files[0], target: { to: picked.files[1] } }] };
  await unpack(
    { path, format, label: 'sample' },
    { strip: 0, exclude: [], limit: picked.limit ?? 1_000_000, ...where },
    createTree(root),
    { exec },
  );
}

const good: TarMember = { path: 'good', content: 'good' };

const hostileTars: readonly [name: string, member: string, members: readonly TarMember[], reason: string][] =
  [
    ['an absolute path', '/etc/passwd', [{ path: '/etc/passwd' }], 'got an absolute one'],
    ['".." at the start', '../out', [{ path: '../out' }], 'got one with ".."'],
    ['".." in the middle', 'a/../../out', [{ path: 'a/../../out' }], 'got one with ".."'],
    ['".." at the end', 'a/..', [{ path: 'a/..', type: 'folder' }], 'got one with ".."'],
    ['an empty name', '', [{ path: '' }], 'expected a name'],
    ['a file named like the top', '.', [{ path: './', type: 'file', pax: { path: '.' } }], 'expected a name'],
    ['a control character', 'a\\nb', [{ path: 'a\nb' }], 'without control characters'],
    [
      'a NUL in an extended name',
      'a\\u0000b',
      [{ path: 'x', pax: { path: 'a\u{0}b' } }],
      'control characters',
    ],
    ['a name that is not UTF-8', '', [{ path: Buffer.from([0x61, 0xff]) }], 'a name in UTF-8'],
    ['a name too long', '', [{ path: 'n'.repeat(256) }], 'at most 255 bytes'],
    ['a path too long', '', [{ path: 'dir/'.repeat(1200) + 'x' }], 'at most 4095 bytes'],
    ['the same path twice', 'a', [{ path: 'a' }, { path: 'a' }], 'each path once'],
    ['the same path behind "./"', './a', [{ path: 'a' }, { path: './a' }], 'each path once'],
    ['the same path behind "//"', 'a//b', [{ path: 'a/b' }, { path: 'a//b' }], 'each path once'],
    [
      'a link in place of a folder in use',
      'a',
      [{ path: 'a/b' }, { path: 'a', type: 'symlink', linkname: '/usr' }],
      'each path once',
    ],
    ['a file below a file', 'a/b', [{ path: 'a' }, { path: 'a/b' }], 'a folder above it, got the file'],
    [
      'a file below a symlink',
      'l/out',
      [{ path: 'l', type: 'symlink', linkname: '/usr/y' }, { path: 'l/out' }],
      'a folder above it, got the symlink',
    ],
    [
      'a symlink to /etc',
      'l',
      [{ path: 'l', type: 'symlink', linkname: '/etc/shadow' }],
      'somewhere in /usr or /opt',
    ],
    [
      'a symlink that climbs out',
      'l',
      [{ path: 'l', type: 'symlink', linkname: '../../../etc' }],
      'somewhere in /usr or /opt',
    ],
    [
      'a symlink that climbs out of /usr',
      'l',
      [{ path: 'l', type: 'symlink', linkname: '/usr/../etc' }],
      'somewhere in /usr',
    ],
    ['a symlink to nothing', 'l', [{ path: 'l', type: 'symlink' }], 'a link with a target'],
    [
      'a hardlink out of the archive',
      'h',
      [{ path: 'h', type: 'hardlink', linkname: '../x' }],
      'got one with ".."',
    ],
    [
      'a hardlink to an absolute path',
      'h',
      [{ path: 'h', type: 'hardlink', linkname: '/etc/passwd' }],
      'an absolute one',
    ],
    [
      'a hardlink to nothing',
      'h',
      [{ path: 'h', type: 'hardlink', linkname: 'x' }],
      'a hardlink to an earlier file',
    ],
    [
      'a hardlink to a symlink',
      'h',
      [
        { path: 'l', type: 'symlink', linkname: '/usr/y' },
        { path: 'h', type: 'hardlink', linkname: 'l' },
      ],
      'a hardlink to an earlier file',
    ],
    ['a character device', 'null', [{ path: 'null', type: 'character device' }], 'got a character device'],
    ['a block device', 'sda', [{ path: 'sda', type: 'block device' }], 'got a block device'],
    ['a fifo', 'pipe', [{ path: 'pipe', type: 'fifo' }], 'got a fifo'],
    ['a GNU sparse file', 'holes', [{ path: 'holes', type: 'sparse' }], 'got a sparse file'],
    [
      'a POSIX sparse file',
      'holes',
      [{ path: 'holes', pax: { 'GNU.sparse.major': '1' } }],
      'got a sparse file',
    ],
    ['setuid', 'su', [{ path: 'su', mode: 0o4755 }], 'got setuid'],
    [
      'capabilities',
      'ping',
      [{ path: 'ping', pax: { 'SCHILY.xattr.security.capability': 'x' } }],
      'expected no capabilities of a file',
    ],
    ['setgid', 'su', [{ path: 'su', mode: 0o2755 }], 'got setgid'],
    ['sticky', 'su', [{ path: 'su', mode: 0o1755 }], 'got sticky'],
    ['a size over the limit', 'big', [{ path: 'big', size: 2_000_000 }], 'at most 1000000 bytes'],
    [
      'a sum of sizes over the limit',
      'b',
      [
        { path: 'a', content: Buffer.alloc(600_000) },
        { path: 'b', content: Buffer.alloc(600_000) },
      ],
      'at most 1000000 bytes',
    ],
  ];

const hostileZips: readonly [name: string, member: string, members: readonly ZipMember[], reason: string][] =
  [
    ['an absolute path', '/etc/passwd', [{ path: '/etc/passwd' }], 'got an absolute one'],
    ['".."', '../out', [{ path: '../out' }], 'got one with ".."'],
    ['a symlink out', 'l', [{ path: 'l', mode: 0o120777, content: '../../../etc' }], 'somewhere in /usr'],
    [
      'a file below a symlink',
      'l/x',
      [{ path: 'l', mode: 0o120777, content: '/opt' }, { path: 'l/x' }],
      'a folder above it',
    ],
    [
      'a symlink target too long',
      'l',
      [{ path: 'l', mode: 0o120777, content: 'x'.repeat(5000) }],
      'at most 4096 bytes',
    ],
    ['a fifo', 'pipe', [{ path: 'pipe', mode: 0o010644 }], 'got a special file'],
    ['setuid', 'su', [{ path: 'su', mode: 0o104755 }], 'got setuid'],
    ['encryption', 'secret', [{ path: 'secret', encrypted: true }], 'got an encrypted one'],
    [
      'more bytes than it claims',
      'bomb',
      [{ path: 'bomb', content: Buffer.alloc(900_000), size: 10 }],
      'bytes',
    ],
    [
      'a size over the limit',
      'big',
      [{ path: 'big', content: Buffer.alloc(1_100_000) }],
      'at most 1000000 bytes',
    ],
  ];

describe('a hostile archive', () => {
  it.each(hostileTars)('is refused for %s in a tar', async (_name, member, members, reason) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'guard-'));
    const message = await failure(unpackInto(folder.path, tarOf([good, ...members]), 'tar'));
    expect(message).toContain('sample: member ');
    expect(message).toContain(member);
    expect(message).toContain(reason);
    expect(readdirSync(folder.path).toSorted()).toEqual(['root', 'sample.tar']);
    expect(readdirSync(join(folder.path, 'root'))).toEqual(['usr']);
  });

  it.each(hostileZips)('is refused for %s in a zip', async (_name, member, members, reason) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'guard-'));
    const message = await failure(unpackInto(folder.path, zipOf(members), 'zip'));
    expect(message).toContain('sample: ');
    expect(message).toContain(`member "${member}"`);
    expect(message).toContain(reason);
    expect(readdirSync(folder.path).toSorted()).toEqual(['root', 'sample.zip']);
  });

  it('is refused inside a Debian package', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'guard-'));
    const message = await failure(unpackInto(folder.path, debOf([{ path: './../../out' }]), 'deb'));
    expect(message).toContain(
      'sample: member "./../../out": expected a path inside the archive, got one with ".."',
    );
  });

  it('is refused even when the hostile member is not wanted', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'guard-'));
    const bytes = tarOf([good, { path: 'dev/null', type: 'character device' }]);
    const message = await failure(unpackInto(folder.path, bytes, 'tar', { files: ['good', '/usr/good'] }));
    expect(message).toContain('member "dev/null": expected a file, folder or link, got a character device');
  });

  it('may hold a link to the host that is not wanted', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'guard-'));
    const bytes = tarOf([good, { path: 'l', type: 'symlink', linkname: '/etc/x' }]);
    await unpackInto(folder.path, bytes, 'tar', { files: ['good', '/usr/good'] });
    expect(readFileSync(join(folder.path, 'root/usr/good'), 'utf8')).toBe('good');
  });

  it('is cut off when its compressed stream grows beyond the limit', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'guard-'));
    // Padding after the end mark belongs to no member, so that no size in a header tells of it.
    const bytes = gzipSync(Buffer.concat([tarOf([good]), Buffer.alloc(300 * 1024 * 1024)]), { level: 1 });
    const message = await failure(unpackInto(folder.path, bytes, 'tar.gz', { limit: 1000 }));
    expect(message).toMatch(/^sample: expected at most \d+ bytes when unpacked, got more$/);
  });

  it('is not followed through a symlink that stood in the tree before', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'guard-'));
    mkdirSync(join(folder.path, 'root/usr'), { recursive: true });
    mkdirSync(join(folder.path, 'outside'));
    symlinkSync('../../outside', join(folder.path, 'root/usr/x'));
    const message = await failure(unpackInto(folder.path, tarOf([good]), 'tar'));
    expect(message).toContain('/usr/x: expected a folder for sample, got something else');
    expect(readdirSync(join(folder.path, 'outside'))).toEqual([]);
  });

  it.each([
    ['tar.gz', Buffer.from('not an archive at all'), 'not a readable tar.gz'],
    ['tar.gz', tarGzOf([{ path: 'a', content: 'x'.repeat(5000) }]).subarray(0, 60), 'not a readable tar.gz'],
    ['tar.xz', Buffer.from('not an archive at all'), 'xz: ended with exit code 1'],
    ['tar.bz2', Buffer.from('not an archive at all'), 'bzip2: ended with exit code 2'],
    ['tar.zst', Buffer.from('not an archive at all'), 'not a readable tar.zst'],
    ['tar', Buffer.from('x'.repeat(2000)), 'not a readable tar'],
    ['tar', tarOf([{ path: 'a', content: 'x'.repeat(5000) }]).subarray(0, 2000), 'not a readable tar'],
    ['tar', Buffer.alloc(0), 'expected a tar archive, got nothing'],
    ['zip', Buffer.from('not an archive at all'), 'not a readable zip'],
    ['deb', Buffer.from('not an archive at all'), 'expected a Debian package'],
    ['deb', Buffer.from('!<arch>\nxx'), 'expected one of data.tar'],
  ] as const)('is told from a damaged %s', async (format, bytes, reason) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'guard-'));
    const message = await failure(unpackInto(folder.path, bytes, format));
    expect(message).toMatch(/^sample: /);
    expect(message).toContain(reason);
  });
});

async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it was accepted',
    (error: Error) => `${error.name === 'UserError' ? '' : `${error.name} `}${error.message}`,
  );
}
