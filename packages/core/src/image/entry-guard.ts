import { posix } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import type { Entry } from './entry.ts';

const mostEntries = 1_000_000; // the largest image of the field has 60,000
const longestName = 255; // bytes, NAME_MAX
const longestPath = 4095; // bytes, PATH_MAX of Linux without its NUL
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The path of `name` in `folder`; a name no file system may hold, or no line of text, is a UserError. */
export function childPath(folder: string, name: Uint8Array): string {
  return join(folder, decodeName(folder, name));
}

/** Judges what an image lists, the root first and each folder before what is in it. */
export interface EntryGuard {
  /** What nobody may unpack is a UserError that names it. */
  admit(entry: Entry): void;
}

export function entryGuard(): EntryGuard {
  const seen = new Map<string, Entry['kind']>();
  return {
    admit({ path, kind }) {
      if (seen.size >= mostEntries)
        throw new UserError('image.damaged', `expected at most ${mostEntries} names, got more`);
      const isPlain = path === '/' || /^(\/[^/]+)+$/.test(path);
      if (!isPlain) throw new UserError('image.damaged', `expected a plain path, got ${shown(path)}`);
      if (seen.has(path))
        throw new UserError('image.damaged', `expected each name once, got ${shown(path)} twice`);
      if (path !== '/') {
        const above = posix.dirname(path);
        const there = seen.get(above);
        if (there !== 'directory') {
          throw new UserError(
            'image.damaged',
            `${shown(path)}: expected a folder above it, got ${there ?? 'nothing'}`,
          );
        }
        requireName(above, posix.basename(path));
      }
      if (Buffer.byteLength(path) > longestPath) {
        throw new UserError(
          'image.damaged',
          `expected paths of at most ${longestPath} bytes, got ${shown(path)}`,
        );
      }
      seen.set(path, kind);
    },
  };
}

function decodeName(folder: string, name: Uint8Array): string {
  try {
    const text = utf8.decode(name);
    requireName(folder, text);
    return text;
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const text = Buffer.from(name).toString('latin1');
    throw new UserError('image.damaged', `expected names in UTF-8, got ${shown(text)} in ${shown(folder)}`, {
      cause,
    });
  }
}

function requireName(folder: string, name: string): void {
  const refuse = (expected: string): never => {
    throw new UserError('image.damaged', `expected ${expected}, got ${shown(name)} in ${shown(folder)}`);
  };
  if (name === '' || name === '.' || name === '..' || name.includes('/'))
    refuse('names without "/" or dots only');
  if (/[\p{Cc}\u{FFFD}]/u.test(name)) refuse('names in UTF-8 without control characters');
  if (Buffer.byteLength(name) > longestName) refuse(`names of at most ${longestName} bytes`);
}

function join(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

const mostShown = 200; // characters

/** For people: one line, control characters written out, cut when long. */
function shown(text: string): string {
  return JSON.stringify(text.length > mostShown ? `${text.slice(0, mostShown)}…` : text);
}
