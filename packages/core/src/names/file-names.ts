import { type Arch, allArches } from './arch.ts';
import { holdsImageEnd, imageEnd } from './image-end.ts';
import { whyUnpublishable } from './publishable.ts';
import { releaseTag } from './tag.ts';

/** What an image is one of. Hosts have these names in their configuration: they never change. */
export interface ImageId {
  readonly name: string;
  readonly version: string;
  readonly arch: Arch;
}

/**
 * What lies beside an image for dm-verity, by the ending of its name: the hash tree, its root, and a signature of that.
 * No ending begins with another: systemd up to 257 takes `x.roothash.p7s` for `x.roothash`.
 */
export const sidecarKinds = ['verity', 'roothash', 'p7s'] as const;
export type SidecarKind = (typeof sidecarKinds)[number];

/** An image, or what lies beside it. */
export interface PartId extends ImageId {
  readonly kind: 'raw' | SidecarKind;
}

/** `NAME-VERSION-ARCH.raw`; refuses a version that systemd or the stores cannot carry. */
export function imageName({ name, version, arch }: ImageId): string {
  return `${releaseTag(name, version)}${imageEnd(arch)}`;
}

/**
 * What an image of the extension `name` is one of, or `undefined` for any other file. A file of an extension
 * whose name starts alike (`docker-compose-2.24.5-x86-64.raw` for `docker`) is not one.
 */
export function parseImageName(file: string, name: string): ImageId | undefined {
  const arch = allArches.find((candidate) => file.endsWith(imageEnd(candidate)));
  if (arch === undefined || !file.startsWith(`${name}-`)) return undefined;
  const version = file.slice(name.length + 1, -imageEnd(arch).length);
  return whyUnpublishable(version) === undefined && !holdsImageEnd(version)
    ? { name, version, arch }
    : undefined;
}

/** `NAME-VERSION-ARCH.verity` and so on. */
export function sidecarName(image: ImageId, kind: SidecarKind): string {
  return imageName(image).replace(/raw$/, kind);
}

/** What an image of the extension `name`, or a file beside it, is; `undefined` for any other file. */
export function parsePartName(file: string, name: string): PartId | undefined {
  const kind = sidecarKinds.find((candidate) => file.endsWith(`.${candidate}`)) ?? 'raw';
  const id = parseImageName(`${file.slice(0, -kind.length)}raw`, name);
  return id === undefined ? undefined : { ...id, kind };
}

/** Whether any extension may have a file of that name as an image or beside one. */
export function isPartName(file: string): boolean {
  return allArches.some((arch) => ['raw', ...sidecarKinds].some((kind) => file.endsWith(`-${arch}.${kind}`)));
}

/** `NAME-VERSION.inputs.json`: the record of what an image was made from. */
export function inputsName(name: string, version: string): string {
  return `${releaseTag(name, version)}.inputs.json`;
}

/** `NAME-VERSION.cdx.json`: the bill of materials of a version. */
export function sbomName(name: string, version: string): string {
  return `${releaseTag(name, version)}.cdx.json`;
}

/** `NAME-VERSION.sigstore.json`: who published a version, signed. */
export function attestationName(name: string, version: string): string {
  return `${releaseTag(name, version)}.sigstore.json`;
}

/** What lies beside the images of a version and says what they are. */
export function recordNames(name: string, version: string): readonly string[] {
  return [inputsName, sbomName, attestationName].map((nameOf) => nameOf(name, version));
}

/**
 * Whether systemd may take a listed file for an image that is none: it looks for the first `-ARCH.raw` behind
 * the version and not at what follows (pattern_match() in sysupdate-pattern.c), so `….raw.asc` counts too.
 */
export function passesForImage(file: string): boolean {
  return holdsImageEnd(file.slice(0, -1));
}
