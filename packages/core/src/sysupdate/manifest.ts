import { UserError } from '../diagnostics/user-error.ts';
import { passesForImage } from '../names/file-names.ts';
import { bestBeforeName, dayInName, hashOfNothing } from './best-before.ts';

/** A file in a SHA256SUMS. */
export interface ManifestEntry {
  readonly name: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/**
 * Reads a SHA256SUMS as strictly as systemd-sysupdate does, which refuses the whole of it for one bad line
 * (resource_load_from_web() in sysupdate-resource.c), and for none at all: systemd-pull fails on an empty
 * file. Stricter in one thing: no name may come twice. What is in it for hosts alone (`bestBeforeIn`) is left out.
 * `place` names the document in errors.
 */
export function parseManifest(document: string | Uint8Array, place = 'SHA256SUMS'): readonly ManifestEntry[] {
  const text = typeof document === 'string' ? document : decode(document, place);
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  const lineOf = new Map<string, number>();
  const entries = lines.map((line, index) => {
    const number = index + 1;
    const entry = parseLine(line, place, number);
    const earlier = lineOf.get(entry.name);
    if (earlier !== undefined) {
      throw problem(place, number, `a name that is not on line ${earlier} already`, entry.name);
    }
    lineOf.set(entry.name, number);
    return entry;
  });
  if (rest !== '') throw problem(place, lines.length + 1, 'a line that ends in a newline', rest);
  if (entries.length === 0)
    throw new UserError('manifest.invalid', `${place}: expected at least one line, got an empty file`);
  return entries.filter(isFile);
}

/** The day from which hosts refuse a manifest, `YYYY-MM-DD`; undefined when they never do. */
export function bestBeforeIn(manifest: string): string | undefined {
  return allNamesIn(manifest)
    .flatMap((name) => dayInName(name) ?? [])
    .toSorted()
    .at(0);
}

/** The names of files in the text of a manifest, whatever else is in it. */
export function namesIn(manifest: string): ReadonlySet<string> {
  return new Set(allNamesIn(manifest).filter((name) => isFile({ name })));
}

function allNamesIn(manifest: string): readonly string[] {
  return manifest.split('\n').map((line) => line.slice(66));
}

function isFile({ name }: Pick<ManifestEntry, 'name'>): boolean {
  return dayInName(name) === undefined;
}

/**
 * Writes a SHA256SUMS that every systemd since 251 and `sha256sum --check` accept, sorted by name. There must
 * be at least one entry; without any, there is nothing to publish. From the day `bestBefore` on, hosts refuse it.
 */
export function formatManifest(entries: Iterable<ManifestEntry>, bestBefore?: string): string {
  const hashOf = new Map<string, string>();
  for (const { name, sha256 } of entries) {
    const why = whyNotListable(name, sha256) ?? (hashOf.has(name) ? 'each name once' : undefined);
    if (why !== undefined) {
      throw new UserError(
        'manifest.invalid',
        `SHA256SUMS to write: expected ${why}, got ${shown(name)} with SHA-256 ${shown(sha256)}`,
      );
    }
    hashOf.set(name, sha256);
  }
  if (hashOf.size === 0)
    throw new UserError('manifest.invalid', 'SHA256SUMS to write: expected at least one file, got none');
  if (bestBefore !== undefined) hashOf.set(bestBeforeName(bestBefore), hashOfNothing);
  const lines = [...hashOf].map(([name, sha256]) => ({ name, line: `${sha256}  ${name}\n` }));
  return lines
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ line }) => line)
    .join('');
}

function whyNotListable(name: string, sha256: string): string | undefined {
  if (!/^[0-9a-f]{64}$/.test(sha256)) return 'a SHA-256 of 64 lower-case hex digits';
  if (name.includes('\\')) return 'a file name without "\\"'; // sha256sum would escape it
  if (passesForImage(name)) return 'a file name without "-ARCH.raw", or one that ends with "-ARCH.raw"';
  return whyNoFileName(name);
}

function decode(bytes: Uint8Array, place: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new UserError('manifest.invalid', `${place}: expected UTF-8 text, got other bytes`, { cause });
  }
}

function parseLine(line: string, place: string, number: number): ManifestEntry {
  const fail = (expected: string, got: string): UserError => problem(place, number, expected, got);
  if (line === '') throw fail('a SHA-256 and a file name', line);
  if (line.startsWith('\\')) throw fail('a file name that needs no escapes', line);
  const [sha256 = ''] = /^[0-9a-fA-F]*/.exec(line) ?? [];
  if (sha256.length !== 64) throw fail('64 hex digits', line);
  const marker = line.slice(64, 66);
  if (marker !== '  ' && marker !== ' *')
    throw fail('two spaces, or a space and "*", behind the SHA-256', marker);
  const name = line.slice(66);
  const why = whyNoFileName(name);
  if (why !== undefined) throw fail(why, name);
  return { name, sha256: sha256.toLowerCase() };
}

const maxNameLength = 255; // bytes: NAME_MAX of Linux

function whyNoFileName(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'a file name';
  if (name.includes('/')) return 'a file name without "/"';
  if (/[^\P{Cc}\x80-\x9f]/u.test(name)) return 'a file name without control characters';
  if (/\p{Noncharacter_Code_Point}|\p{Surrogate}/u.test(name)) return 'a file name of Unicode characters';
  if (Buffer.byteLength(name) > maxNameLength) return `a file name of at most ${maxNameLength} bytes`;
  return undefined;
}

function problem(place: string, line: number, expected: string, got: string): UserError {
  return new UserError('manifest.invalid', `${place}:${line}: expected ${expected}, got ${shown(got)}`);
}

function shown(text: string): string {
  return JSON.stringify(text.length > 90 ? `${text.slice(0, 90)}…` : text);
}
