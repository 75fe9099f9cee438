import { UserError } from '../diagnostics/user-error.ts';

export const archiveFormats = ['tar', 'tar.gz', 'tar.xz', 'tar.bz2', 'tar.zst', 'zip', 'deb'] as const;
export type ArchiveFormat = (typeof archiveFormats)[number];

const endings: readonly (readonly [ending: string, format: ArchiveFormat])[] = [
  ['.tar.gz', 'tar.gz'],
  ['.tgz', 'tar.gz'],
  ['.tar.xz', 'tar.xz'],
  ['.txz', 'tar.xz'],
  ['.tar.bz2', 'tar.bz2'],
  ['.tbz2', 'tar.bz2'],
  ['.tbz', 'tar.bz2'],
  ['.tar.zst', 'tar.zst'],
  ['.tzst', 'tar.zst'],
  ['.tar', 'tar'],
  ['.zip', 'zip'],
  ['.deb', 'deb'],
];

/** The kind of an archive: `told` when given, else by the end of its file name or address. */
export function archiveFormat(name: string, told?: string): ArchiveFormat {
  if (told !== undefined) {
    const known = archiveFormats.find((format) => format === told);
    if (known !== undefined) return known;
    throw new UserError(`format: expected one of ${archiveFormats.join(', ')}, got "${told}"`);
  }
  // The npm registry knows one format only, and its addresses here carry a version instead of an ending.
  if (name.startsWith('npm:')) return 'tar.gz';
  const plain = name.replace(/[?#].*$/, '').toLowerCase();
  const found = endings.find(([ending]) => plain.endsWith(ending));
  if (found !== undefined) return found[1];
  const known = endings.map(([ending]) => ending).join(' ');
  throw new UserError(`${name}: expected a name that ends in one of ${known}`, {
    hint: `say which archive it is with format: ${archiveFormats.join(' | ')}`,
  });
}
