import { UserError } from '@bakery/core/diagnostics.ts';
import { BlockSize, ImageFormat, ImageSize } from '@bakery/core/image.ts';
import type { ImageSettings } from '@bakery/core/release.ts';
import { choiceInput, numberInput, textInput } from './input.ts';

/** How images are packed, from the inputs of the actions that pack them. */
export function imageSettings(): ImageSettings {
  const compression = textInput('compression');
  const level = numberInput('level', 0, 100);
  const format = textInput('format');
  const blockSize = sizeInput('block-size', BlockSize);
  const extSize = sizeInput('ext-fs-size', ImageSize);
  return {
    epoch: numberInput('epoch', 0, 2 ** 32 - 1) ?? 0,
    ...(format === undefined ? {} : { format: choiceInput('format', ImageFormat.options, 'squashfs') }),
    ...(compression === undefined ? {} : { compression }),
    ...(level === undefined ? {} : { level }),
    ...(blockSize === undefined ? {} : { blockSize }),
    ...(extSize === undefined ? {} : { extSize }),
  };
}

function sizeInput(name: string, size: typeof ImageSize): number | undefined {
  const text = textInput(name);
  if (text === undefined) return undefined;
  const { data, error } = size.safeParse(text);
  if (data !== undefined) return data;
  const expected = error?.issues[0]?.message ?? 'expected a size';
  throw new UserError('input.invalid', `input ${name}: ${expected}, got ${JSON.stringify(text)}`);
}
