import { UserError } from '../diagnostics/user-error.ts';
import { bareVersion } from '../names/bare.ts';
import { requirePublishable } from '../names/publishable.ts';
import { formOf } from './select.ts';
import type { Filters, Refused } from './select.ts';
import { seriesOf } from './series.ts';

/** The versions an extension has, newest first, as far as anybody could list them. */
export interface Known {
  readonly candidates: readonly { readonly text: string; readonly upstream?: string }[];
  readonly refused?: readonly Refused[];
}

const shown = 5; // Enough to choose from on one line.

/** The published text of a version a person typed with or without `v`; a UserError shows the closest real ones. */
export function normaliseVersion(extension: string, asked: string, known: Known): string {
  const { candidates } = known;
  const hit = spellingIn(asked, known);
  if (hit !== undefined) return hit;
  const refused = known.refused?.find(({ text }) => bareVersion(text) === bareVersion(asked));
  if (refused !== undefined) {
    throw new UserError(
      'name.invalid',
      `${extension}: version "${asked}" cannot be published: ${refused.why}`,
    );
  }
  if (candidates.length === 0) {
    throw new UserError(
      'version.unknown',
      `${extension}: expected a version that exists, got "${asked}", and upstream lists none`,
    );
  }
  const close = closest(
    asked,
    candidates.map(({ text }) => text),
  );
  throw new UserError('version.unknown', `${extension}: expected a version that exists, got "${asked}"`, {
    hint: `closest: ${close.join(', ')}`,
  });
}

/** The published text of a version, with or without `v`, or `undefined` when upstream does not list it. */
export function spellingIn(asked: string, { candidates }: Known): string | undefined {
  const hit =
    candidates.find(({ text }) => text === asked) ??
    candidates.find(({ text }) => bareVersion(text) === bareVersion(asked)) ??
    candidates.find(({ upstream }) => upstream === asked);
  return hit?.text;
}

/** The published text by its looks alone, where nobody can list versions: with `v` where only that fits the form. */
export function formVersion(
  extension: string,
  asked: string,
  filters: Pick<Filters, 'form' | 'prereleases' | 'strip'>,
): string {
  const bare = bareVersion(asked);
  const spellings = filters.strip === 'v' ? [bare] : [asked, bare, `v${bare}`];
  const form = formOf(filters);
  const fitting = spellings.find((text) => form.test(text));
  if (fitting === undefined) {
    throw new UserError(
      'version.unknown',
      `${extension}: expected a version that looks like ${filters.form ?? 'digits and dots'}, got "${asked}"`,
    );
  }
  requirePublishable(fitting);
  return fitting;
}

/** Same minor before same major before anything; within these the longest common start, then the newest. */
function closest(asked: string, versions: readonly string[]): string[] {
  return versions
    .map((text) => ({ text, likeness: likeness(asked, text) }))
    .toSorted((a, b) => b.likeness - a.likeness)
    .slice(0, shown)
    .map(({ text }) => text);
}

function likeness(asked: string, text: string): number {
  const same = (kind: 'major' | 'minor') => seriesOf(asked, kind) === seriesOf(text, kind);
  const [a, b] = [bareVersion(asked), bareVersion(text)];
  let common = 0;
  while (common < a.length && a.charAt(common) === b.charAt(common)) common += 1;
  return (same('minor') ? 2000 : 0) + (same('major') ? 1000 : 0) + common;
}
