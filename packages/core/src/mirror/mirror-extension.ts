import pLimit from 'p-limit';
import { UserError } from '../diagnostics/user-error.ts';
import { sidecarTransferNames, transferEndings, transferNames } from '../hub/transfer-names.ts';
import { asUserError } from '../lifetime/file-errors.ts';
import { requireExtensionName } from '../names/extension-name.ts';
import { parseImageName, parsePartName } from '../names/file-names.ts';
import { manifestName } from '../names/manifest-name.ts';
import { releaseTag } from '../names/tag.ts';
import { newestFirst } from '../systemd/compare.ts';
import { bestBeforeIn, parseManifest, type ManifestEntry } from '../sysupdate/manifest.ts';
import { transferText, type TextFile } from '../sysupdate/transfer.ts';
import type { MirrorContext } from './context.ts';
import { copyVersion } from './copy-version.ts';
import { pointAt } from './point-at.ts';
import { readPair } from './signatures.ts';
import type { ListedImage } from './source.ts';
import { writeIndex } from './write-index.ts';

export interface MirroredExtension {
  readonly name: string;
  /** Versions, newest first. */
  readonly copied: readonly string[];
  readonly there: readonly string[];
  /** Releases of the versions the source has. */
  readonly tags: readonly string[];
  readonly index: 'written' | 'unchanged' | 'failed';
  readonly failures: readonly MirrorFailure[];
}

export interface MirrorFailure {
  readonly name: string;
  /** Missing when it is about the extension as a whole. */
  readonly version?: string;
  readonly error: UserError;
}

/** How a copy is to be made. */
export interface MirrorWishes {
  /** Remove what the source no longer has. */
  readonly prune: boolean;
  /** URL prefix the copy will be served under, for its sysupdate files. */
  readonly hub: string | undefined;
}

const copiesAtOnce = 3; // enough to fill a line; more only splits it, and leaves more half done when killed

/** Copies one extension; what goes wrong with it is told, and keeps no other from being copied. */
export async function mirrorExtension(
  name: string,
  request: MirrorWishes,
  context: MirrorContext,
): Promise<MirroredExtension> {
  try {
    return await copyExtension(name, request, context);
  } catch (error) {
    const known = asUserError(error);
    if (known === undefined) throw error;
    const failures = [{ name, error: known }];
    return { name, copied: [], there: [], tags: [], index: 'failed', failures };
  }
}

async function copyExtension(
  name: string,
  { prune, hub }: MirrorWishes,
  context: MirrorContext,
): Promise<MirroredExtension> {
  requireExtensionName(name);
  const { report } = context;
  const { text, entries, signatures } = await readManifest(name, context);
  const images = entries.flatMap((entry) => imageOf(entry, name));
  const sidecars = images.filter(({ file }) => parseImageName(file, name) === undefined);
  const others = entries.filter((entry) => parsePartName(entry.name, name) === undefined);
  for (const other of others) {
    report.warn(`${name}: left out ${other.name}, which is not one of its images`);
  }
  const byVersion = Map.groupBy(images, ({ version }) => version);
  const versions = [...byVersion.keys()].toSorted(newestFirst);
  const proved = [...new Set(sidecars.map(({ version }) => version))];
  const bases = [...transferNames(name, versions), ...sidecarTransferNames(name, proved)];
  const transfers = await readTransfers(name, bases, hub, context);
  const limit = pLimit(copiesAtOnce);
  const results = await Promise.all(
    versions.map((version) => limit(() => copyOne(name, version, byVersion.get(version) ?? [], context))),
  );
  const failures = results.flatMap(({ version, error }) =>
    error === undefined ? [] : [{ name, version, error }],
  );
  const failed = new Set(failures.map(({ version }) => version));
  const outcome = {
    name,
    copied: results.filter(({ result }) => result === 'copied').map(({ version }) => version),
    there: results.filter(({ result }) => result === 'there').map(({ version }) => version),
    tags: versions.map((version) => releaseTag(name, version)),
    failures,
  };
  // A signed index must stay as it is, so it waits until all it names is there.
  if (signatures.length > 0 && failures.length > 0) return { ...outcome, index: 'failed' };
  const isHere = (entry: ManifestEntry): boolean =>
    imageOf(entry, name).some(({ version }) => !failed.has(version));
  const signed = signatures.length === 0 ? undefined : { text, signatures };
  const mayForget = prune && failures.length === 0;
  const index = await writeIndex(
    {
      name,
      entries: entries.filter(isHere),
      bestBefore: bestBeforeIn(text),
      signed,
      transfers,
      prune: mayForget,
    },
    context,
  );
  // A folder takes everything at once.
  return { ...outcome, index: typeof index === 'string' ? index : 'failed' };
}

async function readManifest(name: string, context: MirrorContext) {
  const { source } = context;
  const { text, signatures } = await readPair(name, context);
  if (text === undefined) {
    throw new UserError(
      'mirror.incomplete',
      `${name}: expected ${name}/${manifestName} at ${source.name}, found none`,
    );
  }
  return { text, signatures, entries: parseManifest(text, `${source.name}: ${name}/${manifestName}`) };
}

/** Images, and what lies beside them. */
function imageOf({ name: file, sha256 }: ManifestEntry, name: string): readonly ListedImage[] {
  const id = parsePartName(file, name);
  return id === undefined ? [] : [{ ...id, file, sha256 }];
}

async function copyOne(
  name: string,
  version: string,
  images: readonly ListedImage[],
  context: MirrorContext,
): Promise<{ version: string; result?: 'copied' | 'there'; error?: UserError }> {
  try {
    const result = await copyVersion(name, version, images, context);
    if (result === 'copied') {
      const count = images.filter(({ file }) => parseImageName(file, name) !== undefined).length;
      context.report.info(`${name} ${version}: ${count} image(s)`);
    }
    return { version, result };
  } catch (error) {
    const known = asUserError(error);
    if (known === undefined) throw error;
    return { version, error: known };
  }
}

/** The source’s sysupdate files; with a hub they lead to it. */
async function readTransfers(
  name: string,
  names: readonly string[],
  hub: string | undefined,
  { source, report }: MirrorContext,
): Promise<readonly TextFile[]> {
  const url = hub === undefined ? undefined : `${hub.replace(/\/+$/, '')}/${name}/`;
  if (url !== undefined) transferText({ name, url }); // refuses what hosts would not understand
  const limit = pLimit(copiesAtOnce);
  const found = await Promise.all(
    names.flatMap((base) =>
      transferEndings.map((ending) =>
        limit(async () => {
          const file = `${base}.${ending}`;
          const text = await source.text(name, file);
          if (text === undefined) return [];
          return [{ name: file, text: url === undefined ? text : pointAt(text, url) }];
        }),
      ),
    ),
  );
  const transfers = found.flat();
  if (transfers.length === 0) report.warn(`${name}: no ${name}.conf and no ${name}.transfer to copy`);
  return transfers;
}
