import type { Catalogue, CatalogueImage, CatalogueRebuild, CatalogueVersion } from './schema.ts';

/** What came of building one published image again. */
export interface Judged {
  readonly extension: string;
  readonly version: string;
  /** Of the published image: one of other bytes was not judged. */
  readonly sha256: string;
  readonly rebuild: CatalogueRebuild;
}

type WithImages = Pick<CatalogueVersion, 'images' | 'rebuild'>;

/** The same catalogue, with what is newer of `all` beside the images. Which of two comes first does not matter. */
export function withRebuilds(catalogue: Catalogue, all: readonly Judged[]): Catalogue {
  return {
    ...catalogue,
    extensions: catalogue.extensions.map((extension) => {
      const own = all.filter((one) => one.extension === extension.name);
      if (own.length === 0) return extension;
      const versions = extension.versions.map((version) => {
        const ones = own.filter((one) => one.version === version.version);
        return ones.length === 0 ? version : judged(version, ones);
      });
      return { ...extension, versions };
    }),
  };
}

/** What was told of the same bytes before stays. */
export function keptRebuilds<Version extends WithImages>(
  version: Version,
  told: CatalogueVersion | undefined,
): Version {
  const rebuilds = new Map(told?.images.map(({ sha256, rebuild }) => [sha256, rebuild]));
  return withVerdict(
    version,
    version.images.map((image) => withRebuild(image, rebuilds.get(image.sha256))),
  );
}

function judged(version: CatalogueVersion, ones: readonly Judged[]): CatalogueVersion {
  const images = version.images.map((image) => {
    const mine = ones.filter(({ sha256 }) => sha256 === image.sha256).map(({ rebuild }) => rebuild);
    return mine.reduce(withRebuild, image);
  });
  return withVerdict(version, images);
}

function withRebuild(image: CatalogueImage, rebuild: CatalogueRebuild | undefined): CatalogueImage {
  const isNewer = rebuild !== undefined && (image.rebuild === undefined || image.rebuild.at <= rebuild.at);
  return isNewer ? { ...image, rebuild } : image;
}

const good: ReadonlySet<string> = new Set(['same', 'explained']);

/** Of a version: the first bad news of its images, or else the newest good one, once all of them have some. */
function withVerdict<Version extends WithImages>(version: Version, images: CatalogueImage[]): Version {
  const known = images.flatMap(({ rebuild }) => rebuild ?? []);
  const bad = known.find(({ verdict }) => !good.has(verdict));
  const last = known.length < images.length ? undefined : known.toSorted(byTime).at(-1);
  const told = bad ?? last;
  const verdict = bad === undefined ? 'passed' : 'failed';
  const rebuild = told && { verdict, at: told.at, ...(told.url === undefined ? {} : { url: told.url }) };
  return Object.assign({}, version, { images, rebuild });
}

function byTime(a: CatalogueRebuild, b: CatalogueRebuild): number {
  return a.at < b.at ? -1 : a.at === b.at ? 0 : 1;
}
