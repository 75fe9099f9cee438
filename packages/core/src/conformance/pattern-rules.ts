import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { complain } from './complain.ts';
import { imageOf, isStranger, matchesOf } from './feed-images.ts';
import type { ManifestLine } from './manifest-rules.ts';
import { patternsOf, type TransferFile } from './read-transfer.ts';

/** What a transfer file finds in the manifest it leads to, and should not, or should. */
export function checkMatches(
  name: string,
  transfer: TransferFile,
  lines: readonly Pick<ManifestLine, 'name'>[],
  place: string,
): readonly Diagnostic[] {
  const matches = matchesOf(transfer, lines);
  const strangers = matches.filter((match) => isStranger(match, matches));
  const found = strangers.map(({ pattern, file, version }) => {
    const got = `${file}, for version ${version}`;
    return complain('pattern-cross', 'error', place, `${pattern} to match images of ${name} only`, got);
  });
  if (matches.length > 0) return found;
  const patterns = patternsOf(transfer, 'Source').map(({ text }) => text);
  return [complain('pattern-nothing', 'error', place, `a file that ${patterns.join(' ')} matches`, 'none')];
}

/** Images no transfer file finds. */
export function checkUnmatched(
  name: string,
  transfers: readonly TransferFile[],
  lines: readonly Pick<ManifestLine, 'name'>[],
  place: string,
): readonly Diagnostic[] {
  // What goes on behind a pattern is found by older systemd only.
  const matches = transfers.flatMap((one) => matchesOf(one, lines)).filter(({ rest }) => rest === '');
  const found = new Set(matches.map(({ file }) => file));
  return lines
    .filter(({ name: file }) => imageOf(file, name) !== undefined && !found.has(file))
    .map(({ name: file }) =>
      complain('pattern-unmatched', 'warning', place, 'a transfer file that finds every image', file),
    );
}
