import { runChecked } from '../ports/run-checked.ts';
import type { Entry } from './entry.ts';
import type { ImageContext } from './format.ts';

export async function listSquashfs(image: string, ctx: ImageContext): Promise<Entry[]> {
  const text = await runChecked(ctx.exec, 'unsquashfs', ['-lln', image], { env: { TZ: 'UTC' } });
  return parseListing(text);
}

export async function extractSquashfs(image: string, folder: string, ctx: ImageContext): Promise<void> {
  await runChecked(ctx.exec, 'unsquashfs', [
    '-no-progress',
    '-quiet',
    '-no-xattrs',
    '-force',
    '-dest',
    folder,
    image,
  ]);
}

const kinds: Readonly<Record<string, Entry['kind']>> = { d: 'directory', '-': 'file', l: 'symlink' };

/** Parses `unsquashfs -lln`: `-rwxr-xr-x 0/0   1240 1970-01-01 00:00 squashfs-root/usr/bin/x`. */
export function parseListing(text: string): Entry[] {
  const line = /^([-dlbcps])([-rwxsStT]{9}) (\d+)\/(\d+)\s+(?:(\d+)|\d+,\s*\d+) \S+ \S+ squashfs-root(.*)$/;
  return text.split('\n').flatMap((row) => {
    const [, type = '', letters = '', uid, gid, size, rest = ''] = line.exec(row) ?? [];
    if (type === '') return [];
    const kind = kinds[type] ?? 'special';
    const [path = ''] = kind === 'symlink' ? rest.split(' -> ') : [rest];
    return [
      {
        path: path === '' ? '/' : path,
        kind,
        mode: modeOf(letters),
        uid: Number(uid),
        gid: Number(gid),
        size: Number(size ?? 0),
      },
    ];
  });
}

/** Permission bits of `rwsr-xr-t`. */
function modeOf(letters: string): number {
  let mode = 0;
  for (let index = 0; index < letters.length; index++) {
    const letter = letters.charAt(index);
    // Capital S and T: the special bit without the execute bit below it.
    if (letter !== '-' && letter !== 'S' && letter !== 'T') mode |= 0o400 >> index;
    if ('sStT'.includes(letter)) mode |= [0o4000, 0o2000, 0o1000][Math.floor(index / 3)] ?? 0;
  }
  return mode;
}
