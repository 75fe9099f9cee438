import { UserError } from '../../diagnostics/user-error.ts';
import type { Content } from './content.ts';

const maxAssets = 1000; // GitHub refuses the 1001st
export const maxAssetBytes = 2 ** 31 - 1; // "under 2 GiB"
const maxNotes = 125_000; // characters

/** Refuses before anything is read or sent what GitHub would refuse after long uploads, or rename silently. */
export function checkLimits(tag: string, notes: string, names: readonly string[]): void {
  checkTag(tag);
  if (notes.length > maxNotes) {
    throw new UserError(
      'store.limit',
      `release ${tag}: expected notes of at most ${maxNotes} characters, got ${notes.length}`,
    );
  }
  if (names.length > maxAssets) {
    throw new UserError(
      'store.limit',
      `release ${tag}: expected at most ${maxAssets} files, got ${names.length}`,
    );
  }
  for (const name of names) checkAssetName(tag, name);
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice !== undefined)
    throw new UserError('store.limit', `release ${tag}: ${twice}: expected each file name once, got two`);
}

export function checkSizes(tag: string, contents: readonly Content[]): void {
  for (const { name, size } of contents) {
    if (size >= 1 && size <= maxAssetBytes) continue;
    throw new UserError(
      'store.limit',
      `release ${tag}: ${name}: expected 1 byte to less than 2 GiB, got ${size} bytes`,
    );
  }
}

/** Tags become paths of URLs, so less than git-check-ref-format allows. */
export function checkTag(tag: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._+@-]*$/.test(tag) && !/\.\.|\.$|\.lock$|@\{/.test(tag)) return;
  const got = `got ${JSON.stringify(tag)}, which is no plain file name`;
  throw new UserError('name.invalid', `release tag: expected letters, digits and . _ + @ - , ${got}`);
}

/**
 * GitHub turns every other character of an asset name into a dot without saying so, and changes names that
 * begin or end with one. https://docs.github.com/rest/releases/assets#upload-a-release-asset
 */
function checkAssetName(tag: string, name: string): void {
  if (/^[A-Za-z0-9_+@-](?:[A-Za-z0-9._+@-]*[A-Za-z0-9_+@-])?$/.test(name) && !name.includes('..')) return;
  const got = `got ${JSON.stringify(name)}, which GitHub would rename`;
  throw new UserError(
    'name.invalid',
    `release ${tag}: asset name: expected letters, digits and . _ + @ - , ${got}`,
  );
}
