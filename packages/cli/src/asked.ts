import type { ReleaseEntry } from '@bakery/core/release/release-list.ts';
import type { VersionRequest } from '@bakery/core/release/resolve-wanted.ts';
import { UsageError } from './run-cli.ts';

/** Reads `EXT` and `EXT:VERSION`. `EXT` alone means what the release list says of it, else `latest`. */
export function readAsked(words: readonly string[], list: readonly ReleaseEntry[]): VersionRequest[] {
  if (words.length === 0) return list.map(fromList);
  return words.flatMap((word): VersionRequest[] => {
    const [, name = '', version] = /^([^:]+)(?::(.+))?$/.exec(word) ?? [];
    if (name === '') throw new UsageError(`expected EXT or EXT:VERSION, got "${word}"`);
    if (version !== undefined) return [{ name, version, why: 'asked' }];
    const listed = list.filter((entry) => entry.name === name).map(fromList);
    return listed.length > 0 ? listed : [{ name, version: 'latest', why: 'asked' }];
  });
}

/** Reads `EXT:VERSION`, all of them to be baked anew because of `revise`. */
export function readRevised(words: readonly string[], revise: string): VersionRequest[] {
  if (revise.trim() === '') throw new UsageError('--revise: expected why, got nothing');
  if (words.length === 0) throw new UsageError('--revise: expected EXT:VERSION, got none');
  return readAsked(words, []).map((one) => {
    if (one.version === 'latest') throw new UsageError(`--revise: expected EXT:VERSION, got "${one.name}"`);
    return { ...one, revise: revise.trim() };
  });
}

function fromList({ name, version, reason }: ReleaseEntry): VersionRequest {
  return { name, version, why: 'pinned', ...(reason === undefined ? {} : { reason }) };
}
