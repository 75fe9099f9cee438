import type { ReleaseEntry } from './release-list.ts';
import type { VersionRequest } from './resolve-wanted.ts';

/** What the release list asks for. */
export function listedRequests(list: readonly ReleaseEntry[]): VersionRequest[] {
  return list.map(({ name, version, reason }) => ({
    name,
    version,
    why: 'pinned',
    ...(reason === undefined ? {} : { reason }),
  }));
}

/**
 * Reads `EXT` or `EXT:VERSION`; `undefined` for what is neither. `EXT` alone means `version` where that is given, else what
 * the release list says of it, else `latest`.
 */
export function readRequest(
  word: string,
  { list = [], version }: { readonly list?: readonly ReleaseEntry[]; readonly version?: string | undefined },
): VersionRequest[] | undefined {
  const [, name, own] = /^([^:]+)(?::(.+))?$/.exec(word) ?? [];
  if (name === undefined) return undefined;
  const asked = own ?? version;
  if (asked !== undefined) return [{ name, version: asked, why: 'asked' }];
  const listed = listedRequests(list.filter((entry) => entry.name === name));
  return listed.length > 0 ? listed : [{ name, version: 'latest', why: 'asked' }];
}
