import { UserError } from '@bakery/core/diagnostics.ts';
import {
  listedRequests,
  readRequest,
  type ReleaseEntry,
  requireReason,
  type VersionRequest,
} from '@bakery/core/release.ts';

/**
 * What the inputs `extensions` (words of EXT or EXT:VERSION) and `version` ask for; nothing means the release list. With `revise`
 * published ones are revised because of it.
 */
export function readAsked(
  words: readonly string[],
  version: string | undefined,
  list: readonly ReleaseEntry[],
  revise?: string,
): VersionRequest[] {
  if (revise !== undefined) return readRevised(words, revise);
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

function readRevised(words: readonly string[], revise: string): VersionRequest[] {
  const reason = requireReason('input revise', revise);
  const requests = words.map((word) => {
    const [request, ...others] = readRequest(word, {}) ?? [];
    if (request !== undefined && others.length === 0 && request.version !== 'latest')
      return { ...request, revise: reason };
    throw new UserError('input.invalid', `input extensions: expected EXT:VERSION to revise, got "${word}"`);
  });
  if (requests.length > 0) return requests;
  throw new UserError('input.invalid', 'input revise: expected EXT:VERSION in extensions, got none');
}
