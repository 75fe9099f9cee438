import { open } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { formats, ImageFormat } from './formats.ts';

const headSize = 128 * 1024; // bytes; btrfs has its superblock at 64 KiB

/** Tells the format by the bytes; something else, or less of an image than it says, is a UserError. */
export async function detectFormat(image: string): Promise<ImageFormat> {
  const { head, size } = await readHead(image);
  for (const format of ImageFormat.options) {
    const declared = formats[format].declaredSize(head);
    if (declared === undefined) continue;
    if (size < declared) {
      throw new UserError(`${image}: truncated ${format} image: expected ${declared} bytes, got ${size}`);
    }
    return format;
  }
  throw new UserError(`${image}: expected a ${ImageFormat.options.join(', ')} image, got ${describe(head)}`);
}

async function readHead(image: string): Promise<{ readonly head: Buffer; readonly size: number }> {
  try {
    await using file = await open(image);
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headSize), 0, headSize, 0);
    return { head: buffer.subarray(0, bytesRead), size };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${image}: cannot be read: ${reason}`, { cause });
  }
}

function describe(head: Buffer): string {
  return head.length === 0 ? 'an empty file' : `a file that begins with ${head.toString('hex', 0, 8)}`;
}
