import { globalTag } from '../names/manifest-name.ts';
import { newestFirst } from '../systemd/compare.ts';
import type { ManifestEntry } from '../sysupdate/manifest.ts';
import { streamOf } from '../sysupdate/streams.ts';
import { relocated } from './relocate.ts';
import type {
  Catalogue,
  CatalogueExtension,
  CatalogueImage,
  CatalogueStream,
  CatalogueVersion,
} from './schema.ts';
import { sidecarsOf } from './sidecars.ts';

export interface Copy {
  /** The catalogue of what was copied. */
  readonly theirs: Catalogue;
  /** The catalogue of the copy so far, which may know versions that the source has no more. */
  readonly before: Catalogue | undefined;
  /** What the copy has, by extension. */
  readonly manifests: ReadonlyMap<string, readonly ManifestEntry[]>;
  /** Where the copy is served, when not where the source is. */
  readonly hub: string | undefined;
}

/** The catalogue of a copy: what is said of the versions it has, and which others were taken back. */
export function catalogueOfCopy({ theirs, before, manifests, hub }: Copy): Catalogue {
  const extensions = [...manifests].flatMap(([name, manifest]) => {
    const told = [theirs, before].flatMap(
      (one) => one?.extensions.find((known) => known.name === name) ?? [],
    );
    const [first] = told;
    return first === undefined ? [] : [entryOf(first, versionsOf(told, manifest))];
  });
  const copied = { ...theirs, extensions };
  if (hub === undefined) return copied;
  const prefix = `${hub.replace(/\/+$/, '')}/`;
  return relocated(copied, prefix, (tag, file) => ({
    file,
    url: `${prefix}${tag === globalTag ? '' : `${tag}/`}${file}`,
  }));
}

function versionsOf(
  told: readonly CatalogueExtension[],
  manifest: readonly ManifestEntry[],
): CatalogueVersion[] {
  const sums = new Map(manifest.map(({ name, sha256 }) => [name, sha256]));
  // What comes first counts: the source knows best.
  const all = new Map(told.toReversed().flatMap(({ versions }) => versions.map((one) => [one.version, one])));
  return [...all.values()]
    .flatMap((one) => {
      const { version, state, why, images } = one;
      const isHere = images.length > 0 && images.every(({ file, sha256 }) => sums.get(file) === sha256);
      if (isHere) return [{ ...one, listed: true, images: images.map((image) => imageOfCopy(image, sums)) }];
      return state === 'yanked' ? [{ version, state, why, listed: false, images: [] }] : [];
    })
    .toSorted((a, b) => newestFirst(a.version, b.version));
}

/** An image, with what lies beside it as far as the copy has that. */
function imageOfCopy(image: CatalogueImage, sums: ReadonlyMap<string, string>): CatalogueImage {
  const { verity: _verity, roothash: _roothash, p7s: _p7s, ...alone } = image;
  return {
    ...alone,
    ...sidecarsOf(image, (one) => (sums.get(one.file) === one.sha256 ? one : undefined)),
  };
}

function entryOf(told: CatalogueExtension, versions: CatalogueVersion[]): CatalogueExtension {
  const offered = versions.filter(({ state }) => state !== 'yanked');
  const [newest] = offered;
  const { newest: _, ...others } = told;
  return {
    ...others,
    arches: newest?.images.map(({ arch }) => arch) ?? [],
    ...(newest === undefined ? {} : { newest: newest.version }),
    streams: told.streams.flatMap((stream) => streamOfCopy(stream, offered)),
    versions,
  };
}

function streamOfCopy(stream: CatalogueStream, offered: readonly CatalogueVersion[]): CatalogueStream[] {
  const newest = offered.find(({ version }) =>
    (['major', 'minor'] as const).some((kind) => streamOf(version, kind)?.label === stream.label),
  );
  return newest === undefined ? [] : [{ ...stream, newest: newest.version }];
}
