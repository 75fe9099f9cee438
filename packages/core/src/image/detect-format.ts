import { open } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { explainFileError } from '../lifetime/file-errors.ts';
import { whatStandsAt } from '../lifetime/named-file.ts';
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
  const found = await whatStandsAt(image); // to open a pipe would wait for somebody to write to it
  if (found !== 'a file')
    throw new UserError('image.unreadable', `${image}: expected an image, found ${found}`);
  try {
    await using file = await open(image);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headSize), 0, headSize, 0);
    return { head: buffer.subarray(0, bytesRead), size: (await file.stat()).size };
  } catch (cause) {
    throw explainFileError(cause, image) ?? cause;
  }
}
