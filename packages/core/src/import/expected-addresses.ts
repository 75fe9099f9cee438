import type { Recording } from './recording.ts';

/** An address that a script may ask for: texts, between any two of which a version stands. */
export type Expected = readonly string[] | RegExp;

const versionStart = /v?\d/y;
const versionRest = /[\w.+~-]/;
const longestRest = 40; // characters after the first digit
const longestAddress = 2048; // characters
const mostVersions = 6; // in one address; those of cri-o, which have the most, name three

/** What a run without any answers asked for; where it used a made-up one, a version may stand. */
export function whatToExpect({ events }: Recording): Expected[] {
  const asked = events.flatMap(({ kind, args: [url = ''] }) => (kind === 'fetch' ? [url] : []));
  const answers = events.flatMap(({ kind, args: [, found = ''] }) =>
    kind === 'newest' ? [found, found.replace(/^v/, '')] : [],
  );
  return [
    ...asked.map((url) => withVersions(url, answers)).filter((texts) => texts.length <= mostVersions + 1),
    // Lists of versions, which the stand-ins answer by themselves.
    /^https:\/\/api\.github\.com\/repos\/[\w.-]+\/[\w.-]+\/(releases|tags)[\w/?=&.+-]{0,80}$/,
    ...events.flatMap(({ kind, args: [from, host = '', project = ''] }) =>
      kind === 'list' && from === 'gitlab-tags'
        ? [
            new RegExp(
              `^https://${quoted(host)}/api/v4/projects/${quoted(project)}/repository/tags[?=&\\w]{0,80}$`,
            ),
          ]
        : [],
    ),
  ];
}

export function isExpected(url: string, expected: readonly Expected[]): boolean {
  if (url.length > longestAddress) return false;
  return expected.some((one) => (one instanceof RegExp ? one.test(url) : isFilledIn(url, one)));
}

function withVersions(url: string, answers: readonly string[]): string[] {
  const marked = answers.reduce(
    (text, answer) => (answer === '' ? text : text.replaceAll(answer, '\0')),
    url,
  );
  return marked.split('\0');
}

/**
 * Whether an address is made of these texts with a version between any two. All places where a text may end are followed at
 * once, as the script chose both and a regex would try every way to share them out.
 */
function isFilledIn(url: string, [first = '', ...others]: readonly string[]): boolean {
  let ends = new Set(url.startsWith(first) ? [first.length] : []);
  for (const text of others) {
    const starts = new Set([...ends].flatMap((end) => versionEnds(url, end)));
    ends = new Set([...starts].flatMap((at) => (url.startsWith(text, at) ? [at + text.length] : [])));
  }
  return ends.has(url.length);
}

/** Where a version may end that begins at `at`. */
function versionEnds(url: string, at: number): number[] {
  versionStart.lastIndex = at;
  const [start] = versionStart.exec(url) ?? [];
  if (start === undefined) return [];
  const first = at + start.length;
  const found = [first];
  for (let end = first; end < first + longestRest && versionRest.test(url.charAt(end)); end++)
    found.push(end + 1);
  return found;
}

function quoted(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
