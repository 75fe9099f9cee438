import { allArches } from '../names/arch.ts';
import { parseImageName } from '../names/file-names.ts';
import { matchPattern } from '../systemd/match-pattern.ts';
import { complain, type Complaint } from './complaint.ts';
import type { ManifestLine } from './manifest-rules.ts';
import { patternsOf, type TransferFile } from './read-transfer.ts';

/** What a transfer file finds in the manifest it leads to, and should not, or should. */
export function checkMatches(
  name: string,
  transfer: TransferFile,
  lines: readonly Pick<ManifestLine, 'name'>[],
  place: string,
): readonly Complaint[] {
  const matches = matchesOf(transfer, lines);
  const strangers = matches.filter(({ file }) => parseImageName(file, name) === undefined);
  const found = strangers.map(({ pattern, file, version }) => {
    const got = `${file}, for version ${version}`;
    return complain('pattern-cross', 'error', place, `${pattern} to match images of ${name} only`, got);
  });
  if (matches.length > 0) return found;
  const patterns = patternsOf(transfer, 'Source').join(' ');
  return [...found, complain('pattern-nothing', 'error', place, `a file that ${patterns} matches`, 'none')];
}

/** Images no transfer file finds. */
export function checkUnmatched(
  name: string,
  transfers: readonly TransferFile[],
  lines: readonly Pick<ManifestLine, 'name'>[],
  place: string,
): readonly Complaint[] {
  const found = new Set(transfers.flatMap((one) => matchesOf(one, lines)).map(({ file }) => file));
  return lines
    .filter(({ name: file }) => parseImageName(file, name) !== undefined && !found.has(file))
    .map(({ name: file }) =>
      complain('pattern-unmatched', 'warning', place, 'a transfer file that finds every image', file),
    );
}

function matchesOf(transfer: TransferFile, lines: readonly Pick<ManifestLine, 'name'>[]) {
  return patternsOf(transfer, 'Source').flatMap((pattern) =>
    lines.flatMap(({ name: file }) => {
      const version = allArches
        .map((arch) => matchPattern(pattern, arch, file))
        .find((one) => one !== undefined);
      return version === undefined ? [] : [{ pattern, file, version }];
    }),
  );
}
