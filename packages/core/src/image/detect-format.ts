import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { formats, ImageFormat } from './formats.ts';
import { recognise } from './recognise.ts';

const headSize = 128 * 1024; // bytes; btrfs has its superblock at 64 KiB

/** Tells the format by the bytes; something else, or less of an image than it says, is a UserError. */
export async function detectFormat(image: string): Promise<ImageFormat> {
  const { head, size } = await readHead(image);
  for (const format of ImageFormat.options) {
    const declared = formats[format].declaredSize(head);
    if (declared === undefined) continue;
    if (size < declared) {
      throw new UserError(
        'image.damaged',
        `${image}: truncated ${format} image: expected ${declared} bytes, got ${size}`,
      );
    }
    return format;
  }
  const known = ImageFormat.options.join(', ');
  throw new UserError('image.unreadable', `${image}: expected an image of ${known}, got ${recognise(head)}`);
}

async function readHead(image: string): Promise<{ readonly head: Buffer; readonly size: number }> {
  try {
    const stats = await stat(image);
    // To open a pipe would wait for somebody to write to it.
    if (!stats.isFile())
      throw new UserError('image.unreadable', `${image}: expected an image, got ${describeKind(stats)}`);
    await using file = await open(image);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headSize), 0, headSize, 0);
    return { head: buffer.subarray(0, bytesRead), size: stats.size };
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError('image.unreadable', `${image}: cannot be read: ${reason}`, { cause });
  }
}

function describeKind(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  return stats.isFIFO() || stats.isSocket() ? 'a pipe or socket' : 'a device';
}
