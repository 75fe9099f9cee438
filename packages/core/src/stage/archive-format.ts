import { UserError } from '../diagnostics/user-error.ts';
import { type Program, toolsFor } from '../tools/known-tools.ts';
import type { ArchiveKind } from './archive-kind.ts';
import { bz2, gz, xz, zst } from './compressed-file.ts';
import { deb } from './deb.ts';
import { rpm } from './rpm.ts';
import type { Placement } from './staging.ts';
import { tar, tarBz2, tarGz, tarXz, tarZst } from './tar-archives.ts';
import { zip } from './zip.ts';

/** A new format is one file here and one line in this list; of two endings that fit, the first counts. */
const all = [tarGz, tarXz, tarBz2, tarZst, tar, zip, deb, rpm, gz, xz, bz2, zst] as const;

export type ArchiveFormat = (typeof all)[number]['format'];
export const archiveFormats = all.map(({ format }) => format);

const kinds: readonly ArchiveKind<ArchiveFormat>[] = all;

export function kindOfArchive(format: ArchiveFormat): ArchiveKind {
  const found = kinds.find((kind) => kind.format === format);
  if (found === undefined) throw new Error(`no such archive format: ${format}`);
  return found;
}

/** The kind of an archive: `told` when given, else by the end of its file name or address. */
export function archiveFormat(name: string, told?: string): ArchiveFormat {
  if (told !== undefined) {
    const known = archiveFormats.find((format) => format === told);
    if (known !== undefined) return known;
    throw new UserError(
      'archive.unknown',
      `format: expected one of ${archiveFormats.join(', ')}, got "${told}"`,
    );
  }
  // The npm registry knows one format only, and its addresses here carry a version instead of an ending.
  if (name.startsWith('npm:')) return 'tar.gz';
  const plain = name.replace(/[?#].*$/, '').toLowerCase();
  const found = kinds.find(({ endings }) => endings.some((ending) => plain.endsWith(ending)));
  if (found !== undefined) return found.format;
  const known = kinds.flatMap(({ endings }) => endings).join(' ');
  throw new UserError('archive.unknown', `${name}: expected a name that ends in one of ${known}`, {
    hint: `say which archive it is with format: ${archiveFormats.join(' | ')}`,
  });
}

/** What must be installed to unpack downloads. */
export function toolsOfArchives(downloads: readonly Placement[]): Program[] {
  const jobs = downloads.flatMap(({ url, unpack }) =>
    unpack === undefined ? [] : kindOfArchive(archiveFormat(url, unpack.format)).tools,
  );
  return jobs.length === 0 ? [] : toolsFor(...jobs);
}
