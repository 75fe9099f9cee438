import { rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readableCatalogue } from '../catalogue/catalogue.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { listedExtensions } from '../hub/listed-extensions.ts';
import { lock } from '../lifetime/lock.ts';
import { catalogueName } from '../names/catalogue-name.ts';
import { globalTag, manifestName } from '../names/manifest-name.ts';
import type { Store } from '../store/store.ts';
import { parseManifest } from '../sysupdate/manifest.ts';
import { noopTransfers, type TextFile } from '../sysupdate/transfer.ts';
import { type MirrorContext, workFolder } from './context.ts';
import {
  mirrorExtension,
  type MirroredExtension,
  type MirrorFailure,
  type MirrorWishes,
} from './mirror-extension.ts';
import { prune } from './prune.ts';
import { binaryAssets, readPair, ringsOf } from './signatures.ts';
import type { Source } from './source.ts';
import { mirroredExtensions, writeGlobalIndex } from './write-global.ts';

export interface MirrorRequest extends MirrorWishes {
  /** All the source has, when there are none. */
  readonly extensions: readonly string[];
  /** Names that extensions are known to have. */
  readonly known: readonly string[];
}

export interface Mirrored {
  readonly extensions: readonly MirroredExtension[];
  /** Releases that were removed. */
  readonly pruned: readonly string[];
  readonly failures: readonly MirrorFailure[];
}

/** Where downloads wait to be whole; in the copy itself, so that taking them over needs no other disk. */
export function downloadsFolder(root: string): string {
  return join(root, workFolder, 'fetch');
}

/**
 * Copies a bakery into a folder that any static file server can serve. Images come first, then the indexes, so
 * that a reader at any moment sees only what is there; what a killed run left, the next one finishes.
 */
export async function mirrorBakery(request: MirrorRequest, context: MirrorContext): Promise<Mirrored> {
  const { root } = context;
  const isNew = (await stat(root).catch(() => undefined)) === undefined;
  try {
    return await copyAll(request, context);
  } catch (error) {
    // Where nothing was copied nothing stays; what is not empty cannot be removed like that.
    for (const folder of [join(root, workFolder), ...(isNew ? [root] : [])])
      await rmdir(folder).catch(() => {});
    throw error;
  }
}

async function copyAll(request: MirrorRequest, context: MirrorContext): Promise<Mirrored> {
  const { source, store, root, report } = context;
  await using _only = await lock(join(root, workFolder, 'mirror.lock'));
  const theirs = await readGlobal(context);
  if (theirs === undefined && request.extensions.length === 0) {
    throw new UserError(
      'mirror.incomplete',
      `${source.name}: expected ${manifestName}, the index of everything, found none`,
      {
        hint: 'name the extensions to copy, or check the address',
      },
    );
  }
  const all = theirs === undefined ? [] : listedExtensions(theirs.entries, request.known);
  const names = request.extensions.length === 0 ? all : request.extensions;
  const extensions: MirroredExtension[] = [];
  for (const name of names) {
    extensions.push(await report.group(`Copy ${name}`, () => mirrorExtension(name, request, context)));
  }
  const failures = extensions.flatMap((extension) => extension.failures);
  const isAll = request.extensions.length === 0;
  const gone = request.prune && isAll ? await goneFrom(all, store) : [];
  const others = [...(await noopsOf(source)), ...binaryAssets(await ringsOf(source))];
  const catalogue = readableCatalogue(await source.text(globalTag, catalogueName));
  await writeGlobalIndex({ theirs, others, catalogue, hub: request.hub, gone }, context);
  const pruned = request.prune
    ? await prune({ extensions: [...prunable(extensions), ...gone], gone, tags: tagsOf(extensions) }, context)
    : [];
  if (failures.length === 0) await rm(downloadsFolder(root), { recursive: true, force: true });
  return { extensions, pruned, failures };
}

async function readGlobal(context: MirrorContext) {
  const { source } = context;
  const { text, signatures } = await readPair(globalTag, context);
  if (text === undefined) return undefined;
  const entries = parseManifest(text, `${source.name}: ${manifestName}`);
  return { text, entries, signatures };
}

async function noopsOf(source: Source): Promise<readonly TextFile[]> {
  const found = noopTransfers().map(async ({ name }) => ({ name, text: await source.text(globalTag, name) }));
  return (await Promise.all(found)).flatMap(({ name, text }) => (text === undefined ? [] : [{ name, text }]));
}

async function goneFrom(all: readonly string[], store: Store): Promise<readonly string[]> {
  return (await mirroredExtensions(store)).filter((name) => !all.includes(name));
}

/** Of an extension that could not be read nobody knows what is gone. */
function prunable(extensions: readonly MirroredExtension[]): readonly string[] {
  return extensions.filter(({ failures }) => failures.length === 0).map(({ name }) => name);
}

function tagsOf(extensions: readonly MirroredExtension[]): ReadonlySet<string> {
  return new Set(extensions.flatMap(({ tags }) => tags));
}
