import type { Recipe } from '@bakery/core/recipe.ts';
import { noopTransfer } from '@bakery/core/sysupdate.ts';
import { file, type Contents, type HostConfig, type HostFile, type HostLink } from './host-config.ts';
import { updateUnits } from './update-units.ts';
import type { Wanted } from './wanted-links.ts';

/** One version of an extension for one architecture, and what a host needs to know of it. */
export interface Installable {
  readonly name: string;
  readonly image: {
    readonly file: string;
    readonly url: string;
    readonly sha256?: string;
  };
  /** The text of the transfer file, or where it is. */
  readonly transfer: Contents;
  /**
   * Keys that the host checks manifests with; none where they are not signed. As a `data:` URL they stay what they
   * were when somebody read them, and a host still starts when the feed has others by then.
   */
  readonly ring?: { readonly source: string; readonly sha256: string };
  readonly afterUpdate: Recipe['after-update'];
  /** Units that the user enables. */
  readonly wanted: readonly Wanted[];
  /** Services that run the image’s programs. */
  readonly services: readonly string[];
  /** Its sockets, timers and so on. */
  readonly otherUnits?: readonly string[];
  /** Built-in extensions to switch off. */
  readonly masks: readonly string[];
}

/** The file and link through which a host has the image, and nothing that ever changes them. */
export function staticConfig(extension: Installable): HostConfig {
  return { files: [imageFile(extension)], links: links(extension), units: [] };
}

/** The same, and what makes systemd-sysupdate replace the image by a newer one. */
export function updatingConfig(extension: Installable): HostConfig {
  const { name, afterUpdate, services } = extension;
  return {
    files: [imageFile(extension), ...updateFiles(extension)],
    links: links(extension),
    units: updateUnits(name, afterUpdate, services),
  };
}

/** What systemd-sysupdate reads: the transfer file, the one that finds nothing, the ring. */
export function updateFiles({ name, transfer, ring }: Installable): readonly HostFile[] {
  return [
    file(`/etc/sysupdate.${name}.d/${name}.conf`, transfer),
    file(`/etc/sysupdate.d/${noopTransfer.name}`, { inline: noopTransfer.text }),
    ...(ring === undefined ? [] : [file(ringPath, ring)]),
  ];
}

/** Where every systemd looks for keys. */
export const ringPath = '/etc/systemd/import-pubring.gpg';

function imageFile(extension: Installable): HostFile {
  const { url, sha256 } = extension.image;
  return file(imagePath(extension), { source: url, ...(sha256 === undefined ? {} : { sha256 }) });
}

function links(extension: Installable): readonly HostLink[] {
  const { name, masks, wanted } = extension;
  return [
    { path: `/etc/extensions/${name}.raw`, target: imagePath(extension) },
    ...masks.map((mask) => ({ path: `/etc/extensions/${mask}`, target: '/dev/null', overwrite: true })),
    ...wanted.map(({ unit, target, path }) => ({
      path: `/etc/systemd/system/${target}.wants/${unit}`,
      target: path,
    })),
  ];
}

function imagePath({ name, image }: Installable): string {
  return `/opt/extensions/${name}/${image.file}`;
}
