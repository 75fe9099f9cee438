import { newestFirst, compareVersions } from '../systemd/compare.ts';
import type { ManifestEntry } from '../sysupdate/manifest.ts';
import { streamOf } from '../sysupdate/streams.ts';
import type { SeriesKind } from '../versions/series.ts';
import type { Ends } from './ends.ts';
import type {
  CatalogueExtension,
  CatalogueFacts,
  CatalogueFile,
  CatalogueStream,
  CatalogueVersion,
} from './schema.ts';

/** What is known of a published version itself, which never changes. */
export type VersionFacts = Omit<CatalogueVersion, 'state' | 'why' | 'listed' | 'retired' | 'notes'>;

/** Where readers find a file of a release or an index. */
export type Locate = (tag: string, file: string) => CatalogueFile;

/** All that is known of an extension at one moment. */
export interface Known {
  readonly name: string;
  readonly facts: CatalogueFacts;
  readonly streams: readonly SeriesKind[];
  readonly versions: readonly VersionFacts[];
  /** Its SHA256SUMS. */
  readonly manifest: readonly ManifestEntry[];
  readonly ends: Ends;
  /** Page with the notes of a version, where the store has such pages. */
  readonly notesOf?: (version: string) => string | undefined;
  /** Versions that were taken back, some of which are deleted. */
  readonly withdrawn: ReadonlyMap<string, { readonly why: string }>;
  /** Versions that the bakery keeps no longer; some are removed. */
  readonly retired?: ReadonlyMap<string, { readonly since: string; readonly why: string }>;
}

/** What a catalogue says of one extension. */
export function catalogueEntry(known: Known, locate: Locate): CatalogueExtension {
  const { name, facts } = known;
  const versions = [...published(known), ...deleted(known), ...removed(known)].toSorted((a, b) =>
    newestFirst(a.version, b.version),
  );
  const offered = versions.filter(({ state }) => state !== 'yanked');
  const [newest] = offered;
  return {
    name,
    ...facts,
    arches: (newest?.images ?? []).map(({ arch }) => arch),
    ...(newest === undefined ? {} : { newest: newest.version }),
    transfer: locate(name, `${name}.transfer`),
    streams: streamsIn(offered, known, locate),
    versions,
  };
}

function published({
  versions,
  manifest,
  withdrawn,
  retired,
  ends,
  notesOf,
}: Known): readonly CatalogueVersion[] {
  const listed = new Set(manifest.map((entry) => entry.name));
  return versions.map(({ version, date, ...others }) => {
    const why = withdrawn.get(version)?.why;
    const notes = notesOf?.(version);
    return {
      version,
      ...(date === undefined ? {} : { date }),
      ...(why === undefined ? { state: ends.hasEnded(version) ? 'eol' : 'ok' } : { state: 'yanked', why }),
      listed: others.images.some(({ file }) => listed.has(file)),
      ...retiredIn(version, retired),
      ...(notes === undefined ? {} : { notes }),
      ...others,
    };
  });
}

function deleted({ versions, withdrawn }: Known): readonly CatalogueVersion[] {
  const there = new Set(versions.map(({ version }) => version));
  return [...withdrawn]
    .filter(([version]) => !there.has(version))
    .map(([version, { why }]) => ({ version, state: 'yanked', why, listed: false, images: [] }));
}

function removed({ versions, withdrawn, retired = new Map() }: Known): readonly CatalogueVersion[] {
  const known = new Set([...versions.map(({ version }) => version), ...withdrawn.keys()]);
  return [...retired.keys()]
    .filter((version) => !known.has(version))
    .map((version) => ({
      version,
      state: 'ok',
      listed: false,
      ...retiredIn(version, retired),
      images: [],
    }));
}

function retiredIn(version: string, retired: Known['retired']): Pick<CatalogueVersion, 'retired'> {
  const found = retired?.get(version);
  return found === undefined ? {} : { retired: { since: found.since, why: found.why } };
}

/** `offered` is newest first, so the first of each stream is its newest. */
function streamsIn(
  offered: readonly CatalogueVersion[],
  { name, streams, ends }: Known,
  locate: Locate,
): CatalogueStream[] {
  const newest = new Map<string, string>();
  for (const { version } of offered) {
    for (const kind of streams) {
      const label = streamOf(version, kind)?.label;
      if (label !== undefined && !newest.has(label)) newest.set(label, version);
    }
  }
  return [...newest]
    .toSorted(([a], [b]) => compareVersions(a, b))
    .map(([label, version]) => {
      const eol = ends.dayOf(label);
      return {
        label,
        newest: version,
        ...(eol === undefined ? {} : { eol }),
        transfer: locate(name, `${name}-${label}.transfer`),
      };
    });
}
