import { UserError } from '../diagnostics/user-error.ts';
import type { Entry } from './entry.ts';
import type { Room } from './room.ts';

export async function listSquashfs({ names, run }: Room): Promise<Entry[]> {
  return parseListing(await run('unsquashfs', ['-lln', names.image]));
}

export async function extractSquashfs({ names, run }: Room, bytes: number): Promise<void> {
  const quietly = ['-no-progress', '-quiet', '-no-xattrs'];
  await run('unsquashfs', [...quietly, '-force', '-dest', names.folder, names.image], bytes);
}

const kinds: Readonly<Record<string, Entry['kind']>> = { d: 'directory', '-': 'file', l: 'symlink' };
const row = /^([-dlbcps])([-rwxsStT]{9}) (\d+)\/(\d+)\s+(?:(\d+)|\d+,\s*\d+) \S+ \S+ squashfs-root(.*)$/;
const arrow = ' -> ';

/**
 * Parses `unsquashfs -lln`: `-rwxr-xr-x 0/0   1240 1970-01-01 00:00 squashfs-root/usr/bin/x`. A row of another
 * form is the rest of a name with an end of line in it.
 */
export function parseListing(text: string): Entry[] {
  const rows = text.split('\n').filter((line) => line !== '');
  const first = rows.findIndex((line) => row.test(line)); // what comes before is greeting
  return rows.slice(Math.max(first, 0)).map((line) => {
    const [, type = '', letters = '', uid, gid, size, rest = ''] = row.exec(line) ?? [];
    if (type === '') {
      throw new UserError(
        'image.damaged',
        `expected names without control characters, got the row ${JSON.stringify(line)}`,
      );
    }
    const kind = kinds[type] ?? 'special';
    const path = kind === 'symlink' ? withoutTarget(rest, Number(size)) : rest;
    return {
      path: path === '' ? '/' : path,
      kind,
      mode: modeOf(letters),
      uid: Number(uid),
      gid: Number(gid),
      size: Number(size ?? 0),
    };
  });
}

/** Names may hold an arrow, too: only the size tells where the target begins. */
function withoutTarget(text: string, size: number): string {
  const bytes = Buffer.from(text);
  const path = bytes.subarray(0, Math.max(0, bytes.length - size));
  if (path.toString().endsWith(arrow)) return path.toString().slice(0, -arrow.length);
  throw new UserError(
    'image.damaged',
    `expected a link with a target of ${size} bytes in UTF-8, got ${JSON.stringify(text)}`,
  );
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
