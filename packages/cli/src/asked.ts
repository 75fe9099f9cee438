import { listedRequests, readRequest, type ReleaseEntry, type VersionRequest } from '@bakery/core/release.ts';
import { readReason } from './read-reason.ts';
import { UsageError } from './run-cli.ts';

/** Reads `EXT` and `EXT:VERSION`. `EXT` alone means what the release list says of it, else `latest`. */
export function readAsked(words: readonly string[], list: readonly ReleaseEntry[]): VersionRequest[] {
  if (words.length === 0) return listedRequests(list);
  return words.flatMap((word) => {
    const requests = readRequest(word, { list });
    if (requests === undefined) throw new UsageError(`expected EXT or EXT:VERSION, got "${word}"`);
    return requests;
  });
}

/** Reads `EXT:VERSION`, all of them to be rebuilt because of `revise`. */
export function readRevised(words: readonly string[], revise: string): VersionRequest[] {
  const reason = readReason('--revise', revise);
  if (words.length === 0) throw new UsageError('--revise: expected EXT:VERSION, got none');
  return readAsked(words, []).map((one) => {
    if (one.version === 'latest') throw new UsageError(`--revise: expected EXT:VERSION, got "${one.name}"`);
    return { ...one, revise: reason };
  });
}
