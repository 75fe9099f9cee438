import { InvalidArgumentError, Option, type Command } from 'commander';
import { BlockSize, defaultFormat, ImageFormat, ImageSize } from '@bakery/core/image.ts';
import type { ImageSettings } from '@bakery/core/release.ts';
import { parsedBy } from './parsed-by.ts';

/** Options of the commands that pack images. */
export interface ImageOptions {
  readonly format?: ImageFormat;
  readonly compression?: string;
  readonly level?: number;
  readonly blockSize?: number;
  readonly extFsSize?: number;
  readonly epoch: number;
  readonly jobs?: number;
}

export function addImageOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--format <format>',
        `file system of the image (default: what bakery.yaml says, else ${defaultFormat})`,
      ).choices(ImageFormat.options),
    )
    .option('--compression <name>', 'compressor the format supports (default: the best for the format)')
    .option('--level <n>', 'compression level', readWholeNumber)
    .option('--block-size <size>', 'compressed block, a power of two, e.g. 128K', parsedBy(BlockSize))
    .option(
      '--ext-fs-size <size>',
      'size of an ext4 or ext2 image, e.g. 2G (default: 1G)',
      parsedBy(ImageSize),
    )
    .option(
      '--epoch <seconds>',
      'time stamp of everything in the image (SOURCE_DATE_EPOCH)',
      readWholeNumber,
      0,
    )
    .option('--jobs <n>', 'threads at most (default: one per processor)', readThreads);
}

export function imageSettings(options: ImageOptions): ImageSettings {
  const { format, epoch, compression, level, blockSize, extFsSize, jobs } = options;
  return {
    epoch,
    ...(format === undefined ? {} : { format }),
    ...(compression === undefined ? {} : { compression }),
    ...(level === undefined ? {} : { level }),
    ...(blockSize === undefined ? {} : { blockSize }),
    ...(extFsSize === undefined ? {} : { extSize: extFsSize }),
    ...(jobs === undefined ? {} : { jobs }),
  };
}

function readWholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}

const mostThreads = 1024;

function readThreads(text: string): number {
  const threads = readWholeNumber(text);
  if (threads < 1 || threads > mostThreads)
    throw new InvalidArgumentError(`expected 1 to ${mostThreads} threads`);
  return threads;
}
