import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '../../diagnostics/user-error.ts';
import { hashFile } from '../../fetch/hash-file.ts';
import { jsonOrNothing } from '../../language/foreign-data.ts';
import { absent } from '../../lifetime/file-errors.ts';
import { readPlain } from '../../lifetime/read-plain.ts';
import { ImageInputs, Inputs } from '../../provenance/inputs.ts';
import { type ManifestEntry, parseManifest } from '../../sysupdate/manifest.ts';

/** Paths of what is written beside each other into a folder of the user. */
export interface Output {
  readonly image: string;
  /** The hash of the image, in the form of a SHA256SUMS, where one is written. */
  readonly sums?: string;
  /** What went into the image, or into all images of its version. */
  readonly record: string;
  /** What else is written, by path. */
  readonly texts?: ReadonlyMap<string, string>;
}

/**
 * Refuses to go on where files stand that an earlier run did not leave. An image is its own when the record or the
 * hash beside it fits. The hash is written before the image and the record after it, so that what a killed run
 * left is known as well.
 */
export async function requireOwn(output: Output): Promise<void> {
  const { image, sums, record, texts } = output;
  const entry = sums === undefined ? undefined : await onlyEntry(sums);
  const recorded = await recordedHashes(record);
  const hashes = [...(recorded ?? []), entry?.name === basename(image) ? entry.sha256 : undefined];
  const foreign = [
    ...((await isThere(image)) && !(await hasHash(image, hashes)) ? [image] : []),
    ...(sums !== undefined && (await isThere(sums)) && entry === undefined ? [sums] : []),
    ...((await isThere(record)) && recorded === undefined ? [record] : []),
  ];
  for (const [path, text] of texts ?? []) {
    if ((await isThere(path)) && (await readText(path)) !== text) foreign.push(path);
  }
  if (foreign.length === 0) return;
  const names = foreign.map((path) => basename(path)).join(', ');
  throw new UserError(
    'store.taken',
    `${names}: expected nothing of that name, or what an earlier run left, found others`,
    {
      hint: 'nothing was changed: move them away, or choose another folder; bakery create --force replaces them',
    },
  );
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(absent)) !== undefined;
}

async function hasHash(path: string, hashes: readonly (string | undefined)[]): Promise<boolean> {
  return (await lstat(path)).isFile() && hashes.includes(await hashFile(path));
}

/** SHA-256 of each image that a record is of; undefined where there is no record. */
async function recordedHashes(path: string): Promise<readonly string[] | undefined> {
  const record = jsonOrNothing((await readText(path)) ?? '');
  const one = ImageInputs.safeParse(record).data;
  const all = one === undefined ? Inputs.safeParse(record).data?.images : { one };
  return all === undefined ? undefined : Object.values(all).map(({ sha256 }) => sha256);
}

/** A SHA256SUMS of one image only is what a run leaves; people collect those of several. */
async function onlyEntry(path: string): Promise<ManifestEntry | undefined> {
  try {
    const [entry, ...others] = parseManifest((await readText(path)) ?? '');
    return others.length === 0 && entry?.name.endsWith('.raw') === true ? entry : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const maxBytes = 16 * 1024 ** 2; // of a record; one with a thousand artifacts takes half a megabyte

/** What is no plain file, or too large for ours, is nobody’s of us. */
async function readText(path: string): Promise<string | undefined> {
  if ((await lstat(path).catch(absent))?.isFile() !== true) return undefined;
  try {
    return (await readPlain(path, { maxBytes }))?.toString('utf8');
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
