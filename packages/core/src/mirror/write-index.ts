import { parsePartName } from '../names/file-names.ts';
import { manifestName } from '../names/manifest-name.ts';
import { releaseTag } from '../names/tag.ts';
import { publishIndex } from '../release/publish/publish-index.ts';
import type { Asset, MetadataAsset, Replaced, Store } from '../store/store.ts';
import { parseManifest, type ManifestEntry } from '../sysupdate/manifest.ts';
import type { TextFile } from '../sysupdate/transfer.ts';
import type { MirrorContext } from './context.ts';
import { type BinaryFile, binaryAssets } from './signatures.ts';

/** What the index of an extension is to say. */
export interface NewIndex {
  readonly name: string;
  /** What of the source’s index is in the copy. */
  readonly entries: readonly ManifestEntry[];
  /** The day from which hosts refuse the source’s index, if it names one. */
  readonly bestBefore: string | undefined;
  /** The source’s index as it is, when it is signed: then it must stay as it is. */
  readonly signed: { readonly text: string; readonly signatures: readonly BinaryFile[] } | undefined;
  readonly transfers: readonly TextFile[];
  /** Forget what the source no longer has. */
  readonly prune: boolean;
}

/** Puts images beside their index, then sysupdate files, then the index. */
export function writeIndex(index: NewIndex, context: MirrorContext): Promise<Replaced> {
  const { name, signed } = index;
  const { store } = context;
  return publishIndex(store, name, async () => {
    const [before] = await store.releases([name]);
    const old = index.prune ? [] : (before?.assets ?? []);
    const entries = await withOld(index, old, store);
    const images = entries.filter((entry) => parsePartName(entry.name, name) !== undefined);
    if (images.length === 0) return undefined;
    return {
      title: name,
      notes: '',
      isGlobal: false,
      files: [
        ...(await imageLinks(name, images, old, store)),
        ...keptTransfers(index, old),
        ...index.transfers,
      ],
      manifest:
        signed === undefined ? entries : { text: signed.text, signatures: binaryAssets(signed.signatures) },
      bestBefore: index.bestBefore,
    };
  });
}

/** The new entries and, unless that would break a signature, those of versions the source no longer has. */
async function withOld(
  { name, entries, signed }: NewIndex,
  old: readonly Asset[],
  store: Store,
): Promise<readonly ManifestEntry[]> {
  const listed = await readIndex(name, store);
  if (signed !== undefined || listed.length === 0) return entries;
  const [there, fresh] = [old, entries].map((files) => new Set(files.map((file) => file.name)));
  const isKept = ({ name: file }: ManifestEntry): boolean =>
    parsePartName(file, name) !== undefined && there?.has(file) === true && fresh?.has(file) !== true;
  return [...entries, ...listed.filter(isKept)];
}

/** The index of an extension in a mirror; nothing when there is none. */
export async function readIndex(name: string, store: Store): Promise<readonly ManifestEntry[]> {
  const text = await store.read(name, manifestName);
  return text === undefined ? [] : parseManifest(text, `${name}/${manifestName}`);
}

async function imageLinks(
  name: string,
  images: readonly ManifestEntry[],
  old: readonly Asset[],
  store: Store,
): Promise<readonly MetadataAsset[]> {
  const tags = await store.publishedTags(`${name}-`);
  const sizes = new Map(old.map((asset) => [asset.name, asset.size]));
  return images.map(({ name: file, sha256 }) => {
    const version = parsePartName(file, name)?.version ?? '';
    const tag = releaseTag(name, version);
    const asset = { name: file, size: sizes.get(file) ?? 0, sha256 };
    return { name: file, from: { tag: tags.has(tag) ? tag : name, asset } };
  });
}

/** Sysupdate files of streams that ended. */
function keptTransfers({ name, transfers }: NewIndex, old: readonly Asset[]): readonly MetadataAsset[] {
  const fresh = new Set(transfers.map((file) => file.name));
  const kept = old.filter((asset) => /\.(conf|transfer)$/.test(asset.name) && !fresh.has(asset.name));
  return kept.map((asset) => ({ name: asset.name, from: { tag: name, asset } }));
}
