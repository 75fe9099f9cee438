import type { HubRule } from '../diagnostics/codes/hub-rules.ts';
import type { Diagnostic, DiagnosticPlace } from '../diagnostics/diagnostic.ts';
import { dayInName, daysOfNotice } from '../sysupdate/best-before.ts';
import { complain } from './complain.ts';

/** A line of a SHA256SUMS that can be understood. */
export interface ManifestLine {
  readonly name: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Counted from 1. */
  readonly line: number;
}

export interface ManifestReading {
  readonly lines: readonly ManifestLine[];
  readonly complaints: readonly Diagnostic[];
}

const maxLines = 20_000; // twelve times what 35 extensions with 580 releases need; each costs requests
const maxBytes = 64 * 1024 ** 2; // more is not kept by systemd-sysupdate while it works

/**
 * Reads a SHA256SUMS by the rules of systemd-sysupdate 251 and newer, which refuse the whole of it for one bad
 * line, and says all that is wrong instead of the first thing. `today` is `YYYY-MM-DD`.
 */
export function readManifest(bytes: Uint8Array, place: string, today: string): ManifestReading {
  const text = decode(bytes);
  if (text === undefined) {
    return { lines: [], complaints: [error('manifest-utf8', place, 'UTF-8 text', 'other bytes')] };
  }
  const count = text.split('\n', maxLines + 2).length - 1;
  if (count > maxLines) {
    const got = 'more; none of them was looked at';
    return { lines: [], complaints: [error('manifest-size', place, `at most ${maxLines} lines`, got)] };
  }
  const complaints: Diagnostic[] = [];
  if (bytes.byteLength > maxBytes) {
    complaints.push(error('manifest-size', place, `at most ${maxBytes} bytes`, `${bytes.byteLength} bytes`));
  }
  if (text === '') complaints.push(error('manifest-empty', place, 'at least one line', 'an empty file'));
  const rows = text.split('\n');
  const rest = rows.pop() ?? '';
  if (rest !== '') {
    complaints.push(error('manifest-newline', place, 'a newline at the end of the last line', show(rest)));
    rows.push(rest);
  }
  const lines: ManifestLine[] = [];
  for (const [index, row] of rows.entries()) {
    const at = { file: place, line: index + 1 };
    const broken = lineRules.find(({ breaks }) => breaks(row));
    if (broken !== undefined) complaints.push(error(broken.rule, at, broken.expected, show(row)));
    else lines.push({ name: row.slice(66), sha256: row.slice(0, 64).toLowerCase(), line: index + 1 });
  }
  return { lines, complaints: [...complaints, ...doubles(lines, place), ...stale(lines, place, today)] };
}

const lineRules: readonly {
  readonly rule: HubRule;
  readonly expected: string;
  readonly breaks: (row: string) => boolean;
}[] = [
  { rule: 'manifest-empty-line', expected: 'a hash and a file name', breaks: (row) => row.trim() === '' },
  {
    rule: 'manifest-escape',
    expected: 'a file name that sha256sum need not escape',
    breaks: (row) => row.startsWith('\\'),
  },
  {
    rule: 'manifest-hash',
    expected: '64 hex digits at the start',
    breaks: (row) => !/^[0-9a-fA-F]{64}(?![0-9a-fA-F])/.test(row),
  },
  {
    rule: 'manifest-marker',
    expected: 'two spaces, or a space and "*", behind the hash',
    breaks: (row) => !/^.{64} [ *]/.test(row),
  },
  {
    rule: 'manifest-slash',
    expected: 'a file name without "/", which systemd up to 261 refuses',
    breaks: (row) => row.slice(66).includes('/'),
  },
  {
    rule: 'manifest-name',
    expected: 'a file name of 1 to 255 bytes without control characters',
    breaks: (row) => {
      const name = row.slice(66);
      return ['', '.', '..'].includes(name) || /\p{Cc}/u.test(name) || Buffer.byteLength(name) > 255;
    },
  },
];

function doubles(lines: readonly ManifestLine[], place: string): readonly Diagnostic[] {
  return [...Map.groupBy(lines, ({ name }) => name).entries()].flatMap(([name, [first, ...others]]) =>
    others.map(({ line }) =>
      error('manifest-duplicate', { file: place, line }, `${name} once`, `it on line ${first?.line} too`),
    ),
  );
}

/** systemd 260 and newer refuses to update from a manifest that names a day which has begun. */
function stale(lines: readonly ManifestLine[], place: string, today: string): readonly Diagnostic[] {
  const soon = new Date(Date.parse(today) + daysOfNotice * 86_400_000).toISOString().slice(0, 10);
  return lines.flatMap(({ name, line }) => {
    const day = dayInName(name);
    if (day === undefined || day >= soon) return [];
    const at = { file: place, line };
    if (day <= today) return error('manifest-stale', at, `a day after ${today}`, day);
    return complain('manifest-ending', 'warning', at, `a day from ${soon} on, as somebody renews it`, day);
  });
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function error(rule: HubRule, place: string | DiagnosticPlace, expected: string, got: string): Diagnostic {
  return complain(rule, 'error', place, expected, got);
}

function show(text: string): string {
  return JSON.stringify(text);
}
