import { chmod, rename, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { hashFile } from '../fetch/hash-file.ts';
import { makeFolder } from '../lifetime/make-folder.ts';
import { toolVersion } from '../tools/ask-versions.ts';
import { libraryVersions } from '../tools/library-versions.ts';
import type { Format, ImageContext, PackJob } from './format.ts';
import { formats, type ImageFormat } from './formats.ts';
import { removeAbandonedImages, temporaryName } from './temporary-name.ts';

export interface PackRequest {
  /** The staged tree. Its root gets mode 0755; btrfs also sets times, and owners when we are root. */
  readonly root: string;
  /** Where the image goes; replaced when it is there. */
  readonly output: string;
  readonly format: ImageFormat;
  /** Name of the extension. Format ids are derived from it. */
  readonly name: string;
  /** Seconds since 1970 that every timestamp in the image gets. */
  readonly epoch: number;
  /** One of the format's own; its default by default. */
  readonly compression?: string;
  readonly level?: number;
  /** Bytes of a compressed block, a power of two. */
  readonly blockSize?: number;
  /** Bytes of an ext4 or ext2 image; 1 GiB by default. */
  readonly extSize?: number;
  /** Threads at most; all cores by default. */
  readonly jobs?: number;
  /** Is told of the complete image before it gets its name. */
  readonly announce?:
    | ((image: { readonly size: number; readonly sha256: string }) => Promise<void>)
    | undefined;
}

export interface PackedImage {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly format: ImageFormat;
  /** Program and version, like `mksquashfs 4.5.1`. */
  readonly tool: string;
  /** Versions of the libraries it is linked with: of the same tree, another libzstd makes other bytes. */
  readonly libraries: Readonly<Record<string, string>>;
  readonly packing: Packing;
}

/** How an image was packed: everything that decides its bytes beside the tree. */
export interface Packing {
  readonly compression: string;
  readonly level?: number;
  readonly blockSize?: number;
  /** Bytes of the whole image, for formats of a fixed size. */
  readonly size?: number;
}

const defaultExtSize = 2 ** 30; // bytes; the reference bakery's
const lastSecond = 2 ** 32 - 1; // squashfs keeps times in 32 bits

/**
 * Packs a tree into an image. Nothing ever stands at `output` but a complete image: it is made beside
 * it under another name and renamed at the end.
 */
export async function packImage(request: PackRequest, ctx: ImageContext): Promise<PackedImage> {
  const format = formats[request.format];
  const job = planJob(format, request);
  await chmod(job.root, 0o755);
  await makeFolder(dirname(request.output));
  await removeAbandonedImages(request.output);
  try {
    await format.pack(job, ctx);
    await chmod(job.output, 0o644); // whatever the umask was
    const [{ size }, sha256] = await Promise.all([stat(job.output), hashFile(job.output)]);
    const tool = await nameTool(format, ctx);
    await request.announce?.({ size, sha256 });
    const libraries = typeof format.tool === 'string' ? await libraryVersions(format.tool, ctx) : {};
    await rename(job.output, request.output);
    return {
      path: request.output,
      size,
      sha256,
      format: request.format,
      tool,
      libraries,
      packing: packingOf(job, format, request),
    };
  } finally {
    await rm(job.output, { force: true });
  }
}

function packingOf(job: PackJob, format: Format, { format: name }: PackRequest): Packing {
  const level = job.level ?? format.defaultLevel?.(job.compression);
  const blockSize = job.blockSize ?? format.defaultBlockSize;
  return {
    compression: job.compression,
    ...(level === undefined ? {} : { level }),
    ...(blockSize === undefined ? {} : { blockSize }),
    ...(name === 'ext4' || name === 'ext2' ? { size: job.size } : {}),
  };
}

async function nameTool({ tool }: Format, ctx: ImageContext): Promise<string> {
  if (typeof tool !== 'string') return `${tool.name} ${tool.version}`;
  const version = await toolVersion(tool, ctx);
  return version === undefined ? tool : `${tool} ${version}`;
}

/** How an image is to be packed, without what. */
export type PackSettings = Pick<PackRequest, 'format' | 'epoch' | 'compression' | 'level' | 'blockSize'>;

/** A value the format cannot have is a UserError; to be asked before anything is fetched or built. */
export function requireSettings(settings: PackSettings): void {
  const format = formats[settings.format];
  requireEpoch(settings.epoch);
  chooseCompression(format, settings);
  chooseBlockSize(format, settings.format, settings.blockSize);
}

function requireEpoch(epoch: number): void {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > lastSecond) {
    throw new UserError(
      'image.settings',
      `epoch: expected whole seconds from 0 to ${lastSecond}, got ${epoch}`,
    );
  }
}

/** Fills in what the request leaves open; a value the format cannot have is a UserError. */
export function planJob(format: Format, request: PackRequest): PackJob {
  const { epoch, blockSize, level } = request;
  requireEpoch(epoch);
  return {
    root: request.root,
    output: join(dirname(request.output), temporaryName(basename(request.output))),
    name: request.name,
    epoch,
    compression: chooseCompression(format, request),
    level,
    blockSize: chooseBlockSize(format, request.format, blockSize),
    size: request.extSize ?? defaultExtSize,
    jobs: request.jobs ?? availableParallelism(),
  };
}

function chooseCompression(format: Format, { format: name, compression, level }: PackSettings): string {
  const [standard] = format.compressions;
  const chosen = format.compressions.find((one) => one.name === (compression ?? standard.name));
  if (chosen === undefined) {
    const names = format.compressions.map((one) => one.name).join(', ');
    throw new UserError(
      'image.settings',
      `compression of ${name}: expected one of ${names}, got ${compression}`,
    );
  }
  if (level !== undefined) requireLevel(name, chosen.name, chosen.levels, level);
  return chosen.name;
}

function requireLevel(
  format: string,
  compression: string,
  levels: readonly [number, number] | undefined,
  level: number,
): void {
  if (levels === undefined) {
    throw new UserError(
      'image.settings',
      `compression level of ${format} with ${compression}: expected none, got ${level}`,
    );
  }
  const [lowest, highest] = levels;
  if (Number.isInteger(level) && level >= lowest && level <= highest) return;
  const range = `${lowest} to ${highest}`;
  throw new UserError(
    'image.settings',
    `compression level of ${format} with ${compression}: expected ${range}, got ${level}`,
  );
}

function chooseBlockSize(format: Format, name: string, bytes: number | undefined): number | undefined {
  if (bytes === undefined) return undefined;
  const { blockSizes } = format;
  if (blockSizes === undefined)
    throw new UserError('image.settings', `block size of ${name}: expected none, got ${bytes}`);
  const [smallest, largest] = blockSizes;
  if (Number.isInteger(Math.log2(bytes)) && bytes >= smallest && bytes <= largest) return bytes;
  throw new UserError(
    'image.settings',
    `block size of ${name}: expected a power of two from ${smallest} to ${largest} bytes, got ${bytes}`,
  );
}
