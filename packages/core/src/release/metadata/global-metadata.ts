import { UserError } from '../../diagnostics/user-error.ts';
import { isPartName } from '../../names/file-names.ts';
import { globalTag, manifestName } from '../../names/manifest-name.ts';
import { ringNames } from '../../names/ring-names.ts';
import { parseTag } from '../../names/tag.ts';
import type { Report } from '../../ports/report.ts';
import type { FeedSigner } from '../../signing/feed-signer.ts';
import type { MetadataAsset, Replaced } from '../../store/store.ts';
import { parseManifest, type ManifestEntry } from '../../sysupdate/manifest.ts';
import { noopTransfers } from '../../sysupdate/transfer.ts';
import { namesIn } from '../history/published-versions.ts';
import { globalAdapterFiles } from '../publish/adapter-files.ts';
import { type Index as NewIndex, publishIndex } from '../publish/publish-index.ts';
import { catalogueFile } from './catalogue-file.ts';
import type { MetadataContext } from './metadata.ts';

/** Regenerates the index of everything, from the indexes of the extensions. */
export async function updateGlobalMetadata(context: MetadataContext): Promise<Replaced> {
  const { store } = context;
  const signer = await context.signer?.();
  const report = eachLineOnce(context.report);
  let failure: UserError | undefined;
  const make = async (): Promise<NewIndex | undefined> => {
    const tags = await store.publishedTags();
    const names = [...context.names, ...namesIn(tags, context.names)];
    const extensions = [...tags].filter((tag) => parseTag(tag, names).kind === 'metadata');
    const indexes = await Promise.all(extensions.toSorted().map((name) => readIndex(name, context)));
    const entries = indexes.flatMap((index) => index.manifest);
    const parts = entries.filter(({ name }) => isPartName(name));
    const images = entries.filter(({ name }) => name.endsWith('.raw'));
    // Where nothing is left, as in the index of one extension.
    const manifest = parts.length === 0 ? entries : parts;
    if (manifest.length === 0) return undefined;
    const manifests = new Map(indexes.map((index) => [index.name, index.manifest]));
    const catalogue = await catalogueFile({ tags, names, manifests }, signer, { ...context, report });
    failure = catalogue.failure;
    return {
      title: 'All extensions',
      notes: `${images.length === 0 ? manifest.length : images.length} images of ${extensions.length} extensions.\n`,
      isGlobal: true,
      files: [
        ...indexes.flatMap(({ assets }) => assets),
        ...noopTransfers(),
        ...ringFiles(signer),
        ...globalAdapterFiles(extensions, context),
        ...catalogue.files,
      ],
      manifest,
    };
  };
  const replaced = await publishIndex(store, globalTag, make, signer);
  // Hosts have their index; whoever runs the bakery hears of the rest.
  if (failure !== undefined) throw failure;
  return replaced;
}

/** An index is planned more than once. */
function eachLineOnce(report: MetadataContext['report']): Pick<Report, 'warn'> {
  const said = new Set<string>();
  return {
    warn: (line) => {
      if (!said.has(line)) report?.warn(line);
      said.add(line);
    },
  };
}

/** The public keys, for whoever has not got them yet: under both names systemd reads. */
function ringFiles(signer: FeedSigner | undefined): readonly MetadataAsset[] {
  return signer === undefined ? [] : ringNames.map((name) => ({ name, text: signer.ring }));
}

interface Index {
  readonly name: string;
  readonly manifest: readonly ManifestEntry[];
  readonly assets: readonly MetadataAsset[];
}

/** What an extension adds to the global index; where that lies beside all images, images and sysupdate files too. */
async function readIndex(name: string, { store }: MetadataContext): Promise<Index> {
  const text = await store.read(name, manifestName);
  const manifest = text === undefined ? [] : readableManifest(name, text);
  if (store.imagesBesideIndex !== 'all') return { name, manifest, assets: [] };
  const [release] = await store.releases([name]);
  const others = (release?.assets ?? []).filter((asset) => !asset.name.startsWith(manifestName));
  return {
    name,
    manifest,
    assets: others.map((asset) => ({ name: asset.name, from: { tag: name, asset } })),
  };
}

function readableManifest(name: string, text: string): readonly ManifestEntry[] {
  try {
    return parseManifest(text, `${name}/${manifestName}`);
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(cause.code, cause.message, { cause, hint: `bakery metadata ${name} regenerates it` });
  }
}
