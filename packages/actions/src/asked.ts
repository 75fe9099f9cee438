import { UserError } from '@bakery/core/diagnostics/user-error.ts';
import type { ReleaseEntry } from '@bakery/core/release/release-list.ts';
import type { VersionRequest } from '@bakery/core/release/resolve-wanted.ts';
import { listedRequests, readRequest } from '@bakery/core/release/version-requests.ts';

/** What the inputs `extensions` (words of EXT or EXT:VERSION) and `version` ask for; nothing means the release list. */
export function readAsked(
  words: readonly string[],
  version: string | undefined,
  list: readonly ReleaseEntry[],
): VersionRequest[] {
  if (words.length === 0 && version !== undefined) {
    throw new UserError(
      'input.invalid',
      `input version: expected the extensions it is meant for, got "${version}" alone`,
    );
  }
  if (words.length === 0) return listedRequests(list);
  return words.flatMap((word) => {
    const requests = readRequest(word, { list, version });
    if (requests === undefined)
      throw new UserError('input.invalid', `input extensions: expected EXT or EXT:VERSION, got "${word}"`);
    return requests;
  });
}
