import { formatCatalogue, readableCatalogue } from '../catalogue/catalogue.ts';
import { catalogueOfCopy } from '../catalogue/of-copy.ts';
import type { Catalogue } from '../catalogue/schema.ts';
import { whyTooLarge } from '../catalogue/size.ts';
import { catalogueName } from '../names/catalogue-name.ts';
import { ExtensionName } from '../names/extension-name.ts';
import { parseImageName, parsePartName } from '../names/file-names.ts';
import { globalTag, manifestName } from '../names/manifest-name.ts';
import { publishIndex } from '../release/publish/publish-index.ts';
import type { MetadataAsset, Replaced, Store } from '../store/store.ts';
import { parseManifest, type ManifestEntry } from '../sysupdate/manifest.ts';
import { whyNoFolderUrl } from '../sysupdate/transfer.ts';
import type { MirrorContext } from './context.ts';
import { type BinaryFile, binaryAssets } from './signatures.ts';
import { readIndex } from './write-index.ts';

export interface NewGlobalIndex {
  /** The source’s own, with what signs it. */
  readonly theirs: { readonly text: string; readonly signatures: readonly BinaryFile[] } | undefined;
  readonly others: readonly MetadataAsset[];
  readonly catalogue: Catalogue | undefined;
  /** URL prefix the copy will be served under. */
  readonly hub: string | undefined;
  /** Extensions to forget. */
  readonly gone: readonly string[];
}

/** Puts everything an extension’s folder holds into the root too, then the index of everything. */
export function writeGlobalIndex(
  { theirs, others, catalogue, hub, gone }: NewGlobalIndex,
  context: MirrorContext,
): Promise<Replaced> {
  const { store } = context;
  return publishIndex(store, globalTag, async () => {
    const extensions = (await mirroredExtensions(store)).filter((name) => !gone.includes(name));
    const indexes = await Promise.all(extensions.map((name) => readExtension(name, store)));
    const entries = indexes.flatMap((index) => index.entries);
    if (entries.length === 0) return undefined;
    const signed = theirs !== undefined && holdsAll(theirs, entries) ? theirs : undefined;
    return {
      title: 'All extensions',
      notes: '',
      isGlobal: true,
      files: [
        ...indexes.flatMap((index) => index.links),
        ...others,
        ...(await catalogueOf({ theirs: catalogue, hub, indexes }, store)),
      ],
      manifest:
        signed === undefined
          ? entries
          : {
              text: signed.text,
              signatures: binaryAssets(signed.signatures),
            },
    };
  });
}

/** Extensions with an index in the mirror, sorted. The folder of one version has no image of its own name. */
export async function mirroredExtensions(store: Store): Promise<readonly string[]> {
  const tags = [...(await store.publishedTags())].filter((tag) => ExtensionName.safeParse(tag).success);
  const found = tags.map(async (tag) => ({ tag, entries: await readIndex(tag, store) }));
  return (await Promise.all(found))
    .filter(({ tag, entries }) => entries.some((entry) => parseImageName(entry.name, tag) !== undefined))
    .map(({ tag }) => tag)
    .toSorted();
}

async function readExtension(name: string, store: Store) {
  const entries = (await readIndex(name, store)).filter(
    (entry) => parsePartName(entry.name, name) !== undefined,
  );
  const [release] = await store.releases([name]);
  const assets = (release?.assets ?? []).filter((asset) => !asset.name.startsWith(manifestName));
  const links = assets.map((asset): MetadataAsset => ({ name: asset.name, from: { tag: name, asset } }));
  return { name, entries, links };
}

/** A source without a catalogue leaves the copy without one. */
async function catalogueOf(
  {
    theirs,
    hub,
    indexes,
  }: {
    readonly theirs: Catalogue | undefined;
    readonly hub: string | undefined;
    readonly indexes: readonly Awaited<ReturnType<typeof readExtension>>[];
  },
  store: Store,
): Promise<readonly MetadataAsset[]> {
  if (theirs === undefined) return [];
  const there = await store.read(globalTag, catalogueName);
  // Nothing of this copy was pointed at such a hub.
  if (hub !== undefined && whyNoFolderUrl(`${hub}/`) !== undefined)
    return there === undefined ? [] : [{ name: catalogueName, text: there }];
  const before = readableCatalogue(there);
  const manifests = new Map(indexes.map(({ name, entries }) => [name, entries]));
  const text = formatCatalogue(catalogueOfCopy({ theirs, before, manifests, hub }));
  // With what only the copy has it may be more than readers take.
  const kept = whyTooLarge(text) === undefined ? text : there;
  return kept === undefined ? [] : [{ name: catalogueName, text: kept }];
}

/** A signed index can stay as it is only where all it names is there. */
function holdsAll(
  theirs: { readonly text: string; readonly signatures: readonly BinaryFile[] },
  entries: readonly ManifestEntry[],
): boolean {
  if (theirs.signatures.length === 0) return false;
  const ours = new Map(entries.map((entry) => [entry.name, entry.sha256]));
  return parseManifest(theirs.text).every(({ name, sha256 }) => ours.get(name) === sha256);
}
