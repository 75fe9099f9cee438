import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import { hashFile } from '../../fetch/hash-file.ts';
import { absent } from '../../lifetime/file-errors.ts';

/** What a file was like when it was hashed; one that is still like this need not be read again. */
export const Seen = z.object({
  /** Bytes. */
  size: z.int().min(0),
  /** Nanoseconds since 1970, which are more than a number holds. */
  mtime: z.string(),
  inode: z.string(),
  sha256: z.string().regex(/^[\da-f]{64}$/),
});
export type Seen = z.infer<typeof Seen>;

/** What stands at a path; `other` is everything that is no regular file, symlinks among them. */
export type Found = 'nothing' | 'other' | Seen;

/** Looks at a path; the file is read unless it is as it was `before`, or known under another name. */
export type Look = (path: string, before?: Seen) => Promise<Found>;

const hashesAtOnce = 4; // a disk reads no faster for more

export function lookAgain(): Look {
  const limit = pLimit(hashesAtOnce);
  const known = new Map<string, string>(); // hard links are one file
  return async (path, before) => {
    const stats = await lstat(path, { bigint: true }).catch(absent);
    if (stats === undefined) return 'nothing';
    if (!stats.isFile()) return 'other';
    const shape = shapeOf(stats);
    const key = [stats.dev, shape.inode, shape.size, shape.mtime].join(' ');
    const isSame =
      before?.size === shape.size && before.mtime === shape.mtime && before.inode === shape.inode;
    const sha256 = isSame ? before.sha256 : (known.get(key) ?? (await limit(() => hashFile(path))));
    known.set(key, sha256);
    return { ...shape, sha256 };
  };
}

function shapeOf({ size, mtimeNs, ino }: BigIntStats): Omit<Seen, 'sha256'> {
  return { size: Number(size), mtime: String(mtimeNs), inode: String(ino) };
}
