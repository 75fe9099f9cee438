import { type ImageId, parseImageName } from '../names/file-names.ts';
import { fitPattern, type PatternFit } from '../systemd/fit-pattern.ts';
import type { ManifestLine } from './manifest-rules.ts';
import { patternsOf, type TransferFile } from './read-transfer.ts';

/** A listed file that hosts take for a version of the extension. */
export interface FeedImage extends ManifestLine {
  readonly version: string;
  /** As systemd writes it; `undefined` when the name does not say. */
  readonly arch: string | undefined;
  /** Which hosts it is for apart from the architecture; the same text for the same hosts. */
  readonly host: string;
}

/** A listed file as a transfer file sees it. */
export interface FeedMatch extends PatternFit {
  readonly file: string;
  /** The first that fits the whole name, else the first that fits. */
  readonly pattern: string;
}

const compressions = /\.(?:xz|gz|bz2|zst)$/;

/** Images by the sysupdate file for all versions, or, where that finds none, by the names that bakeries give. */
export function feedImages(
  name: string,
  lines: readonly ManifestLine[],
  transfers: readonly TransferFile[],
): readonly FeedImage[] {
  const main = transfers.find(({ file }) => file === `${name}.transfer` || file === `${name}.conf`);
  const matches = main === undefined ? [] : matchesOf(main, lines);
  const fits = new Map(
    matches.filter((match) => !isStranger(match, matches)).map((match) => [match.file, match]),
  );
  return lines.flatMap((line) => {
    const fit = fits.get(line.name);
    if (fit !== undefined) return [{ ...line, version: fit.version, arch: fit.arch, host: fit.host }];
    const id = imageOf(line.name, name);
    return id === undefined ? [] : [{ ...line, version: id.version, arch: id.arch, host: '' }];
  });
}

/** Files of other extensions, signatures and the like that a transfer file takes for versions of its own. */
export function isStranger({ version, rest }: FeedMatch, all: readonly FeedMatch[]): boolean {
  if (rest !== '' && !compressions.test(rest)) return true;
  return !/^v?\d/.test(version) && all.some((other) => /^v?\d/.test(other.version));
}

/** All that the patterns of a transfer file find. */
export function matchesOf(
  transfer: TransferFile,
  lines: readonly Pick<ManifestLine, 'name'>[],
  versions?: RegExp,
): readonly FeedMatch[] {
  const patterns = patternsOf(transfer, 'Source');
  return lines.flatMap(({ name: file }) => {
    const fits = patterns.flatMap(({ text, pattern }) => {
      const fit = pattern.kind === 'broken' ? undefined : fitPattern(pattern.parts, file, versions);
      return fit === undefined ? [] : [{ ...fit, file, pattern: text }];
    });
    return fits.filter((fit) => fit === (fits.find(({ rest }) => rest === '') ?? fits[0]));
  });
}

/** `NAME-VERSION-ARCH.raw`, compressed or not. */
export function imageOf(file: string, name: string): ImageId | undefined {
  return parseImageName(file.replace(compressions, ''), name);
}
