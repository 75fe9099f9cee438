import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { hashFile } from '../fetch/hash-file.ts';
import { jsonOrNothing } from '../language/foreign-data.ts';
import { absent } from '../lifetime/file-errors.ts';
import { readPlain } from '../lifetime/read-plain.ts';
import { ImageInputs } from '../provenance/inputs.ts';
import { type ManifestEntry, parseManifest } from '../sysupdate/manifest.ts';

/** Paths of what is written beside each other into a folder of the user. */
export interface Output {
  readonly image: string;
  /** The hash of the image, in the form of a SHA256SUMS. */
  readonly sums: string;
  /** What went into the image. */
  readonly record: string;
  /** What else is written, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Refuses to go on where files stand that an earlier run did not leave. An image is its own when the record or the
 * hash beside it fits. The hash is written before the image and the record after it, so that what a killed run
 * left is known as well.
 */
export async function requireOwn(output: Output): Promise<void> {
  const { image, sums, record, texts } = output;
  const entry = await onlyEntry(sums);
  const inputs = await readInputs(record);
  const hashes = [inputs?.sha256, entry?.name === basename(image) ? entry.sha256 : undefined];
  const foreign = [
    ...((await isThere(image)) && !(await hasHash(image, hashes)) ? [image] : []),
    ...((await isThere(sums)) && entry === undefined ? [sums] : []),
    ...((await isThere(record)) && inputs === undefined ? [record] : []),
  ];
  for (const [path, text] of texts) {
    if ((await isThere(path)) && (await readText(path)) !== text) foreign.push(path);
  }
  if (foreign.length === 0) return;
  const names = foreign.map((path) => basename(path)).join(', ');
  throw new UserError(
    'release.incomplete',
    `${names}: expected nothing of that name, or what an earlier run left, found others`,
    {
      hint: 'nothing was changed: move them away, or replace them with --force',
    },
  );
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(absent)) !== undefined;
}

async function hasHash(path: string, hashes: readonly (string | undefined)[]): Promise<boolean> {
  return (await lstat(path)).isFile() && hashes.includes(await hashFile(path));
}

async function readInputs(path: string): Promise<ImageInputs | undefined> {
  return ImageInputs.safeParse(jsonOrNothing((await readText(path)) ?? '')).data;
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
