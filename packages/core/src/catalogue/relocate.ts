import { globalTag } from '../names/manifest-name.ts';
import { releaseTag } from '../names/tag.ts';
import type { Locate } from './assemble.ts';
import type { Catalogue, CatalogueExtension, CatalogueVersion } from './schema.ts';
import { sidecarsOf } from './sidecars.ts';

/** The same catalogue, with all files at other addresses. */
export function relocated(catalogue: Catalogue, hub: string, locate: Locate): Catalogue {
  const { ring, extensions } = catalogue;
  return {
    ...catalogue,
    hub,
    ...(ring === undefined ? {} : { ring: { ...ring, ...locate(globalTag, ring.file) } }),
    extensions: extensions.map((extension) => relocatedExtension(extension, locate)),
  };
}

/** An extension with all its files at other addresses. */
export function relocatedExtension(extension: CatalogueExtension, locate: Locate): CatalogueExtension {
  const { name, transfer, streams, versions } = extension;
  return {
    ...extension,
    transfer: locate(name, transfer.file),
    streams: streams.map((stream) => ({ ...stream, transfer: locate(name, stream.transfer.file) })),
    versions: versions.map((version) => relocatedVersion(name, version, locate)),
  };
}

/** A version with all its files at other addresses. */
export function relocatedVersion<Version extends Pick<CatalogueVersion, 'version' | 'images' | Beside>>(
  name: string,
  version: Version,
  locate: Locate,
): Version {
  const tag = releaseTag(name, version.version);
  const moved = beside.map((key) => {
    const file = version[key];
    return file === undefined ? {} : { [key]: locate(tag, file.file) };
  });
  const images = version.images.map((image) => ({
    ...image,
    ...locate(tag, image.file),
    ...sidecarsOf(image, (sidecar) => ({ ...sidecar, ...locate(tag, sidecar.file) })),
  }));
  return Object.assign({}, version, { images }, ...moved);
}

const beside = ['record', 'sbom', 'provenance'] as const;
type Beside = (typeof beside)[number];
