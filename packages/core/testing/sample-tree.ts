import { chmod, lchown, link, mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Arch } from '../src/names/arch.ts';
import { extensionReleasePath, extensionReleaseText } from '../src/systemd/extension-release.ts';

export interface SampleOptions {
  readonly name?: string;
  readonly arch?: Arch;
  /** Create everything in the opposite order. */
  readonly backwards?: boolean;
  /** Uid and gid of everything; the caller's by default. */
  readonly owner?: number;
  /** Seconds since 1970 of every file. */
  readonly mtime?: number;
  readonly extra?: Readonly<Record<string, string>>;
}

/** For tests: fills `root` with a tree that has everything an extension may have. */
export async function writeSampleTree(root: string, options: SampleOptions = {}): Promise<void> {
  const { name = 'sample', arch = 'x86-64', owner, mtime } = options;
  const release = extensionReleaseText({ name, os: { id: '_any' }, arch, reload: true });
  const files: [string, string, number][] = [
    ['usr/bin/sample', compressible(3_000_000), 0o755],
    ['usr/bin/private', 'only for root', 0o700],
    ['usr/lib/sample/with space and "quotes".txt', 'odd name', 0o644],
    ['usr/lib/sample/ünïcode', 'odd letters', 0o644],
    ['usr/share/sample/empty', '', 0o644],
    ['opt/sample/data', 'x'.repeat(100_000), 0o444],
    [extensionReleasePath(name), release, 0o644],
    ...Array.from({ length: 120 }, (_, index): [string, string, number] => [
      `usr/share/sample/many/${index % 7}/file-${index}`,
      `content ${index}\n`.repeat(index * 3),
      0o644,
    ]),
    ...Object.entries(options.extra ?? {}).map(([path, text]): [string, string, number] => [
      path,
      text,
      0o644,
    ]),
  ];
  for (const [path, text, mode] of options.backwards === true ? files.toReversed() : files) {
    await makeFolders(root, dirname(path));
    await writeFile(join(root, path), text);
    await chmod(join(root, path), mode);
  }
  await symlink('sample', join(root, 'usr/bin/link'));
  await symlink(`../${'long/'.repeat(30)}target`, join(root, 'usr/share/sample/long-link'));
  await link(join(root, 'usr/bin/sample'), join(root, 'usr/bin/other-name'));
  for (const [path] of files) if (mtime !== undefined) await utimes(join(root, path), mtime, mtime);
  if (owner === undefined) return;
  const folders = new Set(files.flatMap(([path]) => parents(path)));
  const links = ['usr/bin/link', 'usr/share/sample/long-link'];
  for (const path of [...files.map(([file]) => file), ...links, ...folders, '.']) {
    await lchown(join(root, path), owner, owner);
  }
}

async function makeFolders(root: string, folder: string): Promise<void> {
  for (const path of parents(join(folder, 'x'))) {
    await mkdir(join(root, path), { recursive: true });
    await chmod(join(root, path), 0o755);
  }
}

function parents(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Text that compresses to about half, the same each time. */
function compressible(length: number): string {
  let seed = 1;
  const words: string[] = [];
  for (let written = 0; written < length; written += 8) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    words.push(seed.toString(36).padStart(7, '0'));
  }
  return words.join(' ').slice(0, length);
}
