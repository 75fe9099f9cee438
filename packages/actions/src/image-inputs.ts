import { UserError } from '@bakery/core/diagnostics/user-error.ts';
import { ImageFormat } from '@bakery/core/image/formats.ts';
import { ImageSize } from '@bakery/core/image/image-size.ts';
import type { ImageSettings } from '@bakery/core/release/image-settings.ts';
import { choiceInput, numberInput, textInput } from './input.ts';

/** How images are packed, from the inputs of the actions that pack them. */
export function imageSettings(): ImageSettings {
  const compression = textInput('compression');
  const level = numberInput('level', 0, 100);
  const format = textInput('format');
  const blockSize = blockSizeInput();
  const extSize = extSizeInput();
  return {
    epoch: numberInput('epoch', 0, 2 ** 32 - 1) ?? 0,
    ...(format === undefined ? {} : { format: choiceInput('format', ImageFormat.options, 'squashfs') }),
    ...(compression === undefined ? {} : { compression }),
    ...(level === undefined ? {} : { level }),
    ...(blockSize === undefined ? {} : { blockSize }),
    ...(extSize === undefined ? {} : { extSize }),
  };
}

function blockSizeInput(): number | undefined {
  const text = textInput('block-size');
  if (text === undefined) return undefined;
  const [, number, unit] = /^([1-9]\d{0,3})(K|M)$/.exec(text) ?? [];
  if (number === undefined) {
    throw new UserError(
      'input.invalid',
      `input block-size: expected a size like 128K or 1M, got ${JSON.stringify(text)}`,
    );
  }
  return Number(number) * (unit === 'M' ? 1024 ** 2 : 1024);
}

function extSizeInput(): number | undefined {
  const text = textInput('ext-fs-size');
  if (text === undefined) return undefined;
  const size = ImageSize.safeParse(text);
  if (size.success) return size.data;
  throw new UserError(
    'input.invalid',
    `input ext-fs-size: expected a size like 1G, got ${JSON.stringify(text)}`,
  );
}
