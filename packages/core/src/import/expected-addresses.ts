import type { Recording } from './recording.ts';

/** Addresses that a script may ask for. */
export type Expected = RegExp;

const version = 'v?\\d[\\w.+~-]{0,40}';

/** What a run without any answers asked for; where it used a made-up one, a version may stand. */
export function whatToExpect({ events }: Recording): Expected[] {
  const asked = events.flatMap(({ kind, args: [url = ''] }) => (kind === 'fetch' ? [url] : []));
  const answers = events.flatMap(({ kind, args: [, found = ''] }) =>
    kind === 'newest' ? [found, found.replace(/^v/, '')] : [],
  );
  return [
    ...asked.map((url) => new RegExp(`^${withVersions(url, answers)}$`)),
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
  return expected.some((one) => one.test(url));
}

function withVersions(url: string, answers: readonly string[]): string {
  const marked = answers.reduce(
    (text, answer) => (answer === '' ? text : text.replaceAll(answer, '\0')),
    url,
  );
  return quoted(marked).replaceAll('\0', version);
}

function quoted(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
