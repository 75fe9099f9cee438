import { UserError } from '@bakery/core/diagnostics/user-error.ts';
import type { ReleaseEntry } from '@bakery/core/release/release-list.ts';
import type { VersionRequest } from '@bakery/core/release/resolve-wanted.ts';

/** What the inputs `extensions` (words of EXT or EXT:VERSION) and `version` ask for; nothing means the release list. */
export function readAsked(
  words: readonly string[],
  version: string | undefined,
  list: readonly ReleaseEntry[],
): VersionRequest[] {
  const listed = list.map(({ name, version: text }): VersionRequest => ({
    name,
    version: text,
    why: 'pinned',
  }));
  if (words.length === 0 && version !== undefined) {
    throw new UserError(
      'input.invalid',
      `input version: expected the extensions it is meant for, got "${version}" alone`,
    );
  }
  if (words.length === 0) return listed;
  return words.flatMap((word): VersionRequest[] => {
    const [, name, own] = /^([^:]+)(?::(.+))?$/.exec(word) ?? [];
    if (name === undefined)
      throw new UserError('input.invalid', `input extensions: expected EXT or EXT:VERSION, got "${word}"`);
    const asked = own ?? version;
    if (asked !== undefined) return [{ name, version: asked, why: 'asked' }];
    const known = listed.filter((one) => one.name === name);
    return known.length > 0 ? known : [{ name, version: 'latest', why: 'asked' }];
  });
}
