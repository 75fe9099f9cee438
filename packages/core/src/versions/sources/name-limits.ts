import { UserError } from '../../diagnostics/user-error.ts';

const maxNames = 100_000; // nixpkgs and Chromium have some ten thousand tags
const longestName = 1_000; // characters; a tag of git is a file name, which ends at 255

/** UserError when a listing goes on longer than that of any project; `subject` is what is listed. */
export function requireFew(count: number, subject: string, url: string): void {
  if (count > maxNames)
    throw new UserError('version.listing', `${url}: expected at most ${maxNames} ${subject}, got more`);
}

/** The names that an upstream gives its versions, each of a length that a name may have. */
export function requireShort<T extends { readonly text: string }>(
  listed: readonly T[],
  subject: string,
): T[] {
  return listed.map((one) => {
    if (one.text.length <= longestName) return one;
    const start = JSON.stringify(one.text.slice(0, 40));
    throw new UserError(
      'version.listing',
      `${subject}: expected names of at most ${longestName} characters, got one of ${one.text.length} that starts with ${start}`,
    );
  });
}
