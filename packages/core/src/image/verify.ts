import { basename } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { UserError } from '../diagnostics/user-error.ts';
import type { Arch } from '../names/arch.ts';
import { checkExtensionRelease } from './check-extension-release.ts';
import { checkOwners, checkPlaces } from './check-listing.ts';
import { detectFormat } from './detect-format.ts';
import { formats, type ImageFormat } from './formats.ts';
import { openRoom, type Room, type RoomContext } from './room.ts';
import { unpackImage } from './unpack-image.ts';

export interface VerifyContext extends RoomContext {
  /** Checks on the unpacked tree, instead of those on places and special bits here. */
  readonly checkTree?: (
    root: string,
    about: { readonly name: string; readonly arch: Arch },
  ) => Promise<readonly Diagnostic[]>;
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
  readonly findings: readonly Diagnostic[];
}

/** A verified image that lies unpacked in `folder` until it is disposed. */
export interface OpenImage extends AsyncDisposable {
  readonly verification: Verification;
  /** `undefined` for an image with devices, which is not unpacked. */
  readonly folder: string | undefined;
}

/** Checks a finished image without mounting it. One that cannot be read at all is a UserError. */
export async function verifyImage(path: string, ctx: VerifyContext): Promise<Verification> {
  await using image = await openImage(path, ctx);
  return image.verification;
}

/** The same, with what is in it to be looked at. */
export async function openImage(path: string, ctx: VerifyContext): Promise<OpenImage> {
  const format = await detectFormat(path);
  await using stack = new AsyncDisposableStack();
  const room = stack.use(await openRoom(path, ctx));
  try {
    const { isUnpacked, ...judged } = await judge(path, format, room, ctx);
    const owned = stack.move();
    return {
      verification: { path, format, ...judged },
      folder: isUnpacked ? room.folder : undefined,
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  } catch (cause) {
    // What the disk did is not the image's fault, and what is left is ours.
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError('image.damaged', `${path}: damaged ${format} image: ${cause.message}`, {
      cause,
      hint: cause.hint ?? 'download or build it again; bakery doctor shows whether a tool is missing',
    });
  }
}

async function judge(
  path: string,
  format: ImageFormat,
  room: Room,
  ctx: VerifyContext,
): Promise<Omit<Verification, 'path' | 'format'> & { readonly isUnpacked: boolean }> {
  const { entries, isUnpacked } = await unpackImage(formats[format], room);
  const seen = [...checkOwners(entries)];
  const nothing = {
    isUnpacked,
    name: undefined,
    version: undefined,
    arch: undefined,
    entries: entries.length,
  };
  if (!isUnpacked) return { ...nothing, findings: [...seen, ...checkPlaces(entries)] };
  const { identity, arch, findings } = await checkExtensionRelease(basename(path), entries, room.folder);
  const deeper =
    identity !== undefined && arch !== undefined && ctx.checkTree !== undefined
      ? await ctx.checkTree(room.folder, { name: identity.name, arch })
      : checkPlaces(entries);
  return {
    isUnpacked,
    name: identity?.name,
    version: identity?.version,
    arch,
    entries: entries.length,
    findings: [...findings, ...seen, ...deeper],
  };
}
