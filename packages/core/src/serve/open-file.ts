import type { FileHandle } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { openInside } from '../lifetime/open-inside.ts';
import { contentType } from './content-type.ts';

/** A file held open, so that one renamed over it meanwhile is not mixed into the answer. */
export interface OpenFile extends AsyncDisposable {
  readonly handle: FileHandle;
  /** Bytes. */
  readonly size: number;
  readonly modified: Date;
  /** Strong: changes whenever the bytes may have. */
  readonly etag: string;
  readonly type: string;
}

/**
 * The regular file a request’s target names below `root` (a real path), or `undefined` when there is none to
 * be seen: folders, names that begin with a dot, and links out of `root` are not there.
 */
export async function openFile(root: string, target: string): Promise<OpenFile | undefined> {
  const segments = decodeTarget(target);
  if (segments === undefined) return undefined;
  try {
    const handle = await openInside(root, segments.join('/'));
    return handle === undefined ? undefined : await describe(handle, segments.at(-1) ?? '');
  } catch (error) {
    if (error instanceof UserError || isAbsence(error)) return undefined;
    throw error;
  }
}

/** Path segments of a request target, or `undefined` when they cannot name a file. */
function decodeTarget(target: string): readonly string[] | undefined {
  const [path = ''] = target.split('?', 1);
  if (!path.startsWith('/')) return undefined;
  try {
    // A plus sign stands for itself in a path (RFC 3986); only forms mean a space by it.
    const segments = path.slice(1).split('/').map(decodeURIComponent);
    return segments.every((segment) => /^[^./\0][^/\0]*$/.test(segment)) ? segments : undefined;
  } catch {
    return undefined; // %zz
  }
}

async function describe(handle: FileHandle, name: string): Promise<OpenFile> {
  const stat = await handle.stat({ bigint: true });
  return {
    handle,
    size: Number(stat.size),
    modified: stat.mtime,
    etag: `"${[stat.ino, stat.size, stat.mtimeNs].map((number) => number.toString(36)).join('-')}"`,
    type: contentType(name),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

const absences: ReadonlySet<unknown> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENXIO',
  'EISDIR',
]);

function isAbsence(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && absences.has(error.code);
}
