import { type OddLine, readUnit, type Setting } from '../systemd/parse-unit.ts';
import { parsePattern, type Pattern } from '../systemd/pattern.ts';

/** A transfer file (sysupdate.d(5)) as far as its lines go. */
export interface TransferFile {
  /** `NAME.conf`. */
  readonly file: string;
  readonly text: string;
  readonly settings: readonly Setting[];
  readonly odd: readonly OddLine[];
}

export interface TransferPattern {
  readonly text: string;
  readonly pattern: Pattern;
}

export function readTransfer(file: string, text: string): TransferFile {
  return { file, text, ...readUnit(text) };
}

/** The value of `Section.Key` that counts: the last one. */
export function valueOf({ settings }: TransferFile, key: string): string | undefined {
  return settings.findLast((one) => `${one.section}.${one.key}` === key)?.value;
}

/** Words of a setting that gathers them; an empty assignment forgets those before it. */
export function wordsOf({ settings }: TransferFile, key: string): readonly string[] {
  const values = settings.flatMap((one) => (`${one.section}.${one.key}` === key ? [one.value] : []));
  return [...new Set(words(values.slice(values.lastIndexOf('') + 1)))];
}

function words(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => value.split(/\s+/)).filter((word) => word !== '');
}

/** Patterns of one section, in the order systemd tries them. */
export function patternsOf(transfer: TransferFile, section: 'Source' | 'Target'): readonly TransferPattern[] {
  return wordsOf(transfer, `${section}.MatchPattern`).map(readPattern);
}

/** Patterns of both sections, those that are taken back too: systemd reads them all. */
export function writtenPatterns({ settings }: TransferFile): readonly TransferPattern[] {
  const values = settings.filter(({ key }) => key === 'MatchPattern').map(({ value }) => value);
  return [...new Set(words(values))].map(readPattern);
}

function readPattern(text: string): TransferPattern {
  const unescaped = text.replaceAll(/\\x([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCodePoint(Number.parseInt(code, 16)),
  );
  return { text, pattern: parsePattern(unescaped) };
}

/** Whether a host gets what such a file describes from a hub; others move things about on the host itself. */
export function isRemote(transfer: TransferFile): boolean {
  const type = valueOf(transfer, 'Source.Type');
  return type === undefined || !['tar', 'regular-file', 'directory', 'subvolume'].includes(type);
}

/** Whether `Path=`, on some host, is that folder (a URL that ends in `/`). */
export function leadsTo(transfer: TransferFile, folder: string): boolean {
  const path = valueOf(transfer, 'Source.Path');
  if (path === undefined) return false;
  // What stands between two specifiers is not looked at.
  const pieces = `${path.replace(/\/+$/, '')}/`.split(/(%[A-Za-z%])/);
  const texts = pieces.map((piece) => (piece === '%%' ? '%' : piece));
  if (!pieces.some(isOpen)) return texts.join('') === folder;
  const start = texts.slice(0, pieces.findIndex(isOpen)).join('');
  const end = texts.slice(pieces.findLastIndex(isOpen) + 1).join('');
  return folder.length >= start.length + end.length && folder.startsWith(start) && folder.endsWith(end);
}

function isOpen(piece: string): boolean {
  return /^%[A-Za-z]$/.test(piece);
}
