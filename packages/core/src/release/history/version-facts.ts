import type { Locate, VersionFacts } from '../../catalogue/assemble.ts';
import { keptRebuilds } from '../../catalogue/rebuilds.ts';
import { relocatedVersion } from '../../catalogue/relocate.ts';
import type { CatalogueExtension, CatalogueVersion } from '../../catalogue/schema.ts';
import { partsOf, sidecarsOf } from '../../catalogue/sidecars.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import { jsonOrNothing } from '../../language/foreign-data.ts';
import { allArches } from '../../names/arch.ts';
import {
  attestationName,
  imageName,
  inputsName,
  parsePartName,
  sbomName,
  sidecarKinds,
  sidecarName,
} from '../../names/file-names.ts';
import { manifestName } from '../../names/manifest-name.ts';
import { releaseTag } from '../../names/tag.ts';
import { Inputs } from '../../provenance/inputs.ts';
import type { Release, Store } from '../../store/store.ts';
import { type ManifestEntry, parseManifest } from '../../sysupdate/manifest.ts';

export interface FactsContext {
  readonly store: Store;
  readonly locate: Locate;
  /** Releases of versions that were looked at already; they never change. */
  readonly seen: ReadonlyMap<string, Release>;
}

/**
 * What is known of the published `versions` of an extension. What the catalogue `before` says of one is taken over, as
 * a published version never changes; of the others the store is asked, for all at once.
 */
export async function versionFacts(
  name: string,
  versions: readonly string[],
  {
    before,
    manifest,
  }: {
    readonly before: CatalogueExtension | undefined;
    readonly manifest: readonly ManifestEntry[];
  },
  context: FactsContext,
): Promise<readonly VersionFacts[]> {
  const listed = new Map(manifest.map((entry) => [entry.name, entry.sha256]));
  const told = new Map((before?.versions ?? []).map((one) => [one.version, one]));
  const byVersion = Map.groupBy(manifest, (entry) => parsePartName(entry.name, name)?.version);
  const tags = versions
    .filter((version) => !isWhole(told.get(version), byVersion.get(version) ?? []))
    .map((version) => releaseTag(name, version));
  const unseen = tags.filter((tag) => !context.seen.has(tag));
  const releases = unseen.length === 0 ? [] : await context.store.releases(unseen);
  const found = new Map([...context.seen, ...releases.map((release) => [release.tag, release] as const)]);
  const facts = versions.map(async (version) => {
    const tag = releaseTag(name, version);
    const known = told.get(version);
    if (known !== undefined && !tags.includes(tag)) return [addressed(name, known, context)];
    const release = found.get(tag);
    if (release === undefined) return [];
    return [keptRebuilds(await factsOf(name, version, { release, listed }, context), known)];
  });
  return (await Promise.all(facts)).flat();
}

/** Whether a catalogue knew all images and what lies beside them, as the manifest has them, and what their record says. */
function isWhole(told: CatalogueVersion | undefined, listed: readonly ManifestEntry[]): boolean {
  const images = told?.images ?? [];
  const parts = new Map(images.flatMap(partsOf).map((part) => [part.file, part]));
  const isRead = told?.record === undefined || images.every(({ format }) => format !== undefined);
  return isRead && parts.size > 0 && listed.every(({ name, sha256 }) => parts.get(name)?.sha256 === sha256);
}

/** Of what a catalogue said, what never changes; at the addresses of today. */
function addressed(name: string, told: CatalogueVersion, { locate }: FactsContext): VersionFacts {
  const { state: _state, why: _why, listed: _listed, retired: _retired, notes: _notes, ...facts } = told;
  return relocatedVersion(name, facts, locate);
}

async function factsOf(
  name: string,
  version: string,
  { release, listed }: { readonly release: Release; readonly listed: ReadonlyMap<string, string> },
  { store, locate }: FactsContext,
): Promise<VersionFacts> {
  const { tag, assets, publishedAt } = release;
  const there = new Set(assets.map((asset) => asset.name));
  const own = assets.filter((asset) => parsePartName(asset.name, name)?.version === version);
  const isHashed = own.every((asset) => (asset.sha256 ?? listed.get(asset.name)) !== undefined);
  const sums = isHashed ? undefined : await sumsOf(tag, store);
  const record = there.has(inputsName(name, version))
    ? await recordOf(tag, inputsName(name, version), store)
    : undefined;
  const part = (file: string) => {
    const asset = own.find((one) => one.name === file);
    const sha256 = asset?.sha256 ?? listed.get(file) ?? sums?.get(file);
    if (asset === undefined || sha256 === undefined) return undefined;
    return { ...locate(tag, file), sha256, size: asset.size };
  };
  const images = allArches.flatMap((arch) => {
    const image = part(imageName({ name, version, arch }));
    if (image === undefined) return [];
    const recorded = record?.images[arch];
    const { format, sha512, unpackedSize } = recorded?.sha256 === image.sha256 ? recorded : {};
    const sidecars = Object.fromEntries(
      sidecarKinds.map((kind) => [kind, part(sidecarName({ name, version, arch }, kind))]),
    );
    return [
      {
        arch,
        ...image,
        ...sidecarsOf(sidecars),
        ...(sha512 === undefined ? {} : { sha512 }),
        ...(format === undefined ? {} : { format }),
        ...(unpackedSize === undefined ? {} : { unpackedSize }),
      },
    ];
  });
  const beside = (key: string, file: string) => (there.has(file) ? { [key]: locate(tag, file) } : {});
  return {
    version,
    ...(publishedAt === undefined ? {} : { date: timeOf(publishedAt) }),
    ...(record?.revision === undefined ? {} : { revision: record.revision }),
    images,
    ...beside('record', inputsName(name, version)),
    ...beside('sbom', sbomName(name, version)),
    ...beside('provenance', attestationName(name, version)),
    ...(images.length > 0 && images.every(({ arch }) => record?.images[arch]?.test?.verdict === 'passed')
      ? { test: { verdict: 'passed' } }
      : {}),
  };
}

/** `2026-03-01T04:05:06Z` of milliseconds since 1970. */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** One that cannot be read says nothing for now: the bytes are what hosts check. */
async function recordOf(tag: string, file: string, store: Store): Promise<Inputs | undefined> {
  try {
    return Inputs.safeParse(jsonOrNothing((await store.read(tag, file)) ?? '')).data;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Releases older than the store’s own digests say their hashes only in their manifest. */
export async function sumsOf(tag: string, store: Store): Promise<ReadonlyMap<string, string>> {
  const text = await store.read(tag, manifestName);
  const entries = text === undefined ? [] : parseManifest(text, `${tag}/${manifestName}`);
  return new Map(entries.map((entry) => [entry.name, entry.sha256]));
}
