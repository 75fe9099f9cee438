import { codeBlock } from '@bakery/core/diagnostics.ts';
import { tagOf } from '@bakery/core/names.ts';
import type { Failing, Status } from '@bakery/core/release.ts';

/** An issue of the repository with our label. */
export interface KnownIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly isOpen: boolean;
  /** ISO 8601. */
  readonly created: string;
}

export interface IssuePlan {
  readonly open: readonly { readonly title: string; readonly body: string }[];
  readonly update: readonly { readonly number: number; readonly body: string }[];
  /** Of what does not fail any more. */
  readonly close: readonly { readonly number: number; readonly body: string }[];
}

export interface IssueRules {
  /** Nights in a row that something must fail. */
  readonly after: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Page of the run that found out. */
  readonly run: string;
}

const hour = 3_600_000;
const slack = 6 * hour; // GitHub starts what is scheduled for a busy hour late
const suffix = ' cannot be released';

/**
 * One issue for each extension that has failed on `after` nights in a row, never two that are open. One that somebody
 * closed while it fails stays closed until it has been well in between.
 */
export function planIssues({ failing }: Status, known: readonly KnownIssue[], rules: IssueRules): IssuePlan {
  const least = (rules.after - 1) * 24 * hour - slack;
  const rotten = Object.entries(failing).filter(([, { since }]) => rules.now - Date.parse(since) >= least);
  const wanted = rotten.map(([name, one]) => ({
    title: titleOf(name),
    body: bodyOf(name, one, rules),
    ...one,
  }));
  const ours = known.filter(({ title }) => title.endsWith(suffix));
  const open = ours.filter(({ isOpen }) => isOpen);
  const ailing = new Set(Object.keys(failing).map(titleOf));
  return {
    open: wanted
      .filter(
        ({ title, since }) =>
          !ours.some((issue) => issue.title === title && (issue.isOpen || issue.created >= since)),
      )
      .map(({ title, body }) => ({ title, body })),
    update: wanted.flatMap(({ title, body }) => {
      const issue = open.find((one) => one.title === title);
      return issue === undefined || sameNews(issue.body, body) ? [] : [{ number: issue.number, body }];
    }),
    close: open
      .filter(({ title }) => !ailing.has(title))
      .map(({ number, body }) => ({ number, body: `${body.trimEnd()}\n\nIt is well again: ${rules.run}\n` })),
  };
}

function titleOf(name: string): string {
  return `${name}${suffix}`;
}

function bodyOf(name: string, { version, since, why, leftOut }: Failing, { run }: IssueRules): string {
  const [, file, line] = /^([^\s:]+):(\d+):\d+/m.exec(why) ?? [];
  const place =
    file === undefined ? [] : ['Where the recipe says so:', '', codeBlock(`${file} line ${line}`)];
  const what = leftOut === true ? 'an older version has stood in for this one' : 'this has failed';
  return [
    `Since ${since.slice(0, 16).replace('T', ' ')} UTC ${what}:`,
    '',
    codeBlock(`${tagOf({ name, version })}\n${why}`),
    ...place,
    `Seen last in ${run}`,
    '',
    'The next run that succeeds closes this issue; `issues` in bakery.yaml says when they are opened, or that they are not.',
    '',
  ].join('\n');
}

function sameNews(one: string, other: string): boolean {
  return newsOf(one) === newsOf(other);
}

/** A run of its own is no news. */
function newsOf(body: string): string {
  return body
    .replaceAll('\r\n', '\n')
    .replace(/^Seen last in .*$/m, '')
    .trim();
}
