import { nearestName } from '../diagnostics/near-names.ts';
import { showPlace, type Place } from '../diagnostics/place.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { ExtensionName } from '../names/extension-name.ts';
import { whyUnpublishable } from '../names/publishable.ts';

/** What to release: a version by name, or whatever is latest. */
export interface ReleaseEntry {
  readonly name: string;
  /** `latest`, or a version as it is published. */
  readonly version: string;
  /** Why this version is pinned, when a comment says so. */
  readonly reason?: string;
  readonly place: Place;
}

/**
 * Reads `release_build_versions.txt`: a line each of `NAME VERSION` or `NAME latest`, `#` starts a comment.
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
    entries.push(parsed);
  });
  if (problems.length > 0) throw new UserError('list.invalid', problems.join('\n'));
  return entries;
}

function parseLine(line: string, at: (column: number) => Place): ReleaseEntry | UserError | undefined {
  // A "#" inside a word is no comment, as in a shell.
  const comment = /(?:^|\s)#(.*)$/.exec(line);
  const words = [...(comment === null ? line : line.slice(0, comment.index)).matchAll(/\S+/g)];
  const [first, second, third] = words;
  if (first === undefined) return undefined;
  const wrong = (word: RegExpExecArray, text: string): UserError =>
    new UserError('list.invalid', `${showPlace(at(word.index + 1))} ${text}`);
  const [name] = first;
  const badName = ExtensionName.safeParse(name).error?.issues[0]?.message;
  if (badName !== undefined) return wrong(first, `name: ${badName}, got "${name}"`);
  if (second === undefined) return wrong(first, `expected NAME VERSION or NAME latest, got "${name}" alone`);
  if (third !== undefined) return wrong(third, `expected "# reason" or nothing, got "${third[0]}"`);
  const [version] = second;
  if (version !== 'latest') {
    const why = whyUnpublishable(version);
    const meant = nearestName(version, ['latest']);
    const hint = meant === undefined ? '' : `, did you mean ${meant}?`;
    if (why !== undefined)
      return wrong(second, `version: expected latest or a version, got "${version}": ${why}${hint}`);
  }
  const reason = comment?.[1]?.trim() ?? '';
  return { name, version, ...(reason === '' ? {} : { reason }), place: at(first.index + 1) };
}
