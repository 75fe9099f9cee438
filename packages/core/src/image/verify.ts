import { mkdtempDisposable } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Finding } from '../diagnostics/finding.ts';
import { UserError } from '../diagnostics/user-error.ts';
import type { Arch } from '../names/arch.ts';
import { checkOwners, checkPlaces } from './check-listing.ts';
import { checkRelease } from './check-release.ts';
import { detectFormat } from './detect-format.ts';
import type { Entry } from './entry.ts';
import type { ImageContext } from './format.ts';
import { formats, type ImageFormat } from './formats.ts';

export interface VerifyContext extends ImageContext {
  /** Folder to unpack in; removed again. */
  readonly temporary: string;
  /** Checks on the unpacked tree, instead of those on places and special bits here. */
  readonly checkTree?: (
    root: string,
    about: { readonly name: string; readonly arch: Arch },
  ) => Promise<readonly Finding[]>;
}

export interface Verification {
  readonly path: string;
  readonly format: ImageFormat;
  /** As the image says it; `undefined` when it has no or several extension-release files. */
  readonly name: string | undefined;
  /** As the file name says it. */
  readonly version: string | undefined;
  readonly arch: Arch | undefined;
  /** Files, folders and links inside. */
  readonly entries: number;
  /** Empty when nothing is wrong. */
  readonly findings: readonly Finding[];
}

/** Checks a finished image without mounting it. One that cannot be read at all is a UserError. */
export async function verifyImage(path: string, ctx: VerifyContext): Promise<Verification> {
  const format = await detectFormat(path);
  await using unpacked = await mkdtempDisposable(join(ctx.temporary, 'verify-'));
  const entries = await readWhole(path, format, unpacked.path, ctx);
  const { identity, arch, findings } = await checkRelease(basename(path), entries, unpacked.path);
  const deeper =
    identity !== undefined && arch !== undefined && ctx.checkTree !== undefined
      ? await ctx.checkTree(unpacked.path, { name: identity.name, arch })
      : checkPlaces(entries);
  return {
    path,
    format,
    name: identity?.name,
    version: identity?.version,
    arch,
    entries: entries.length,
    findings: [...findings, ...checkOwners(entries), ...deeper],
  };
}

async function readWhole(
  image: string,
  format: ImageFormat,
  folder: string,
  ctx: ImageContext,
): Promise<Entry[]> {
  try {
    const entries = await formats[format].list(image, ctx);
    await formats[format].extract(image, folder, ctx);
    return entries;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${image}: damaged ${format} image: ${reason}`, {
      cause,
      hint: 'download or build it again; bakery doctor shows whether a tool is missing',
    });
  }
}
