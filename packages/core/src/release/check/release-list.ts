import { nearestName } from '../../diagnostics/near-names.ts';
import { showPlace, type Place } from '../../diagnostics/place.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import { ExtensionName } from '../../names/extension-name.ts';
import { whyUnpublishable } from '../../names/publishable.ts';
import type { Written } from '../../recipe/settings.ts';
import { readSettings } from './line-words.ts';

/** What to release: a version by name, or whatever is latest. */
export interface ReleaseEntry {
  readonly name: string;
  /** `latest`, or a version as it is published. */
  readonly version: string;
  /** The recipe it is made from, when it is published under another name. */
  readonly recipe?: string;
  /** What the line says besides; it holds for every version of the extension. */
  readonly written?: Written;
  /** Why this version is pinned, when a comment says so. */
  readonly reason?: string;
  readonly place: Place;
}

/**
 * Reads `release_build_versions.txt`: a line each of `NAME VERSION` or `NAME latest`, with settings as KEY=VALUE behind;
 * `#` starts a comment. Settings are those of the extension, so lines of one name must not differ in them.
 * All that is wrong comes as one UserError with one `file:line:column` line each.
 */
export function parseReleaseList(text: string, file: string): ReleaseEntry[] {
  const entries: ReleaseEntry[] = [];
  const problems: string[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    const at = (column: number): Place => ({ file, line: index + 1, column });
    const parsed = parseLine(index === 0 ? line.replace(/^\uFEFF/, '') : line, at);
    if (parsed === undefined) return;
    if (parsed instanceof UserError) {
      problems.push(parsed.message);
      return;
    }
    const earlier = entries.find(({ name, version }) => name === parsed.name && version === parsed.version);
    if (earlier !== undefined) {
      problems.push(
        `${showPlace(parsed.place)} expected every line once, got ${parsed.name} ${parsed.version} of line ${earlier.place.line} again`,
      );
    }
    const differing = entries.find((entry) => entry.name === parsed.name && clashes(entry, parsed));
    if (differing !== undefined) {
      problems.push(
        `${showPlace(parsed.place)} expected the settings of ${parsed.name} on line ${differing.place.line}, or none, got others`,
      );
    }
    entries.push(parsed);
  });
  if (problems.length > 0) throw new UserError('list.invalid', problems.join('\n'));
  return entries;
}

/** Whether both say something of the same thing, and not the same. */
function clashes(one: ReleaseEntry, other: ReleaseEntry): boolean {
  if (one.recipe !== other.recipe) return true;
  const flat = ({ written }: ReleaseEntry): [string, string][] => {
    const { options = {}, ...settings } = written?.settings ?? {};
    return Object.entries({ ...settings, ...options }).map(([key, value]) => [key, JSON.stringify(value)]);
  };
  const said = new Map(flat(one));
  return flat(other).some(([key, value]) => (said.get(key) ?? value) !== value);
}

function parseLine(line: string, at: (column: number) => Place): ReleaseEntry | UserError | undefined {
  // A "#" inside a word is no comment, as in a shell.
  const comment = /(?:^|\s)#(.*)$/.exec(line);
  const words = [...(comment === null ? line : line.slice(0, comment.index)).matchAll(/\S+/g)];
  const [first, second, ...rest] = words;
  if (first === undefined) return undefined;
  const wrong = (word: RegExpExecArray, text: string): UserError =>
    new UserError('list.invalid', `${showPlace(at(word.index + 1))} ${text}`);
  const [name] = first;
  const badName = ExtensionName.safeParse(name).error?.issues[0]?.message;
  if (badName !== undefined) return wrong(first, `name: ${badName}, got "${name}"`);
  if (second === undefined) return wrong(first, `expected NAME VERSION or NAME latest, got "${name}" alone`);
  const [version] = second;
  if (version !== 'latest') {
    const why = whyUnpublishable(version);
    const meant = nearestName(version, ['latest']);
    const hint = meant === undefined ? '' : `, did you mean ${meant}?`;
    if (why !== undefined)
      return wrong(second, `version: expected latest or a version, got "${version}": ${why}${hint}`);
  }
  const place = at(first.index + 1);
  const reason = comment?.[1]?.trim() ?? '';
  const said = reason === '' ? {} : { reason };
  if (rest.length === 0) return { name, version, ...said, place };
  const written = readSettings(
    name,
    rest.map((word) => ({ text: word[0], place: at(word.index + 1) })),
  );
  if (written instanceof UserError) return written;
  const as = rest.map((word) => /^as=(.+)$/.exec(word[0])).find((found) => found !== null);
  if (as === undefined) return { name, version, ...said, written, place };
  const [, published = ''] = as;
  const badAs = ExtensionName.safeParse(published).error?.issues[0]?.message;
  if (badAs !== undefined)
    return new UserError(
      'list.invalid',
      `${showPlace(written.locate(['recipe']))} as: ${badAs}, got "${published}"`,
    );
  return { name: published, version, recipe: name, ...said, written, place };
}
