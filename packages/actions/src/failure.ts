import { asUserError } from '@bakery/core/lifetime.ts';
import { log } from './log.ts';

const shownAnnotations = 10; // GitHub shows ten errors of a step and drops the rest without a word.

/**
 * Puts a failure into the log, as annotations where it names a place in a file. Resolves to the whole of it for
 * the summary; anything but a UserError is shown as the bug it is.
 */
export function showFailure(error: unknown, subject = ''): string {
  const known = asUserError(error);
  if (known === undefined) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error(`${subject}this is a bug, please report it: ${stack}`);
    return `this is a bug, please report it: ${stack}`;
  }
  const { hint } = known;
  const lines = known.message.split('\n');
  const located = lines.map(locate).filter((one) => one !== undefined);
  const rest = lines.filter((line) => locate(line) === undefined).join('\n');
  for (const { text, ...place } of located.slice(0, shownAnnotations)) log.error(`${subject}${text}`, place);
  for (const { text, file, startLine } of located.slice(shownAnnotations)) {
    log.info(`${file}:${startLine} ${text}`);
  }
  if (rest !== '') log.error(`${subject}${rest}`);
  if (hint !== undefined) log.info(`hint: ${hint}`);
  return hint === undefined ? known.message : `${known.message}\nhint: ${hint}`;
}

/** `recipes/k3s/recipe.yaml:12:5 name: expected …` as an annotation. */
function locate(
  line: string,
): { text: string; file: string; startLine: number; startColumn: number } | undefined {
  const [, file, startLine, startColumn, text] = /^([^\s:]+):(\d+):(\d+):? (.+)$/.exec(line) ?? [];
  if (file === undefined || text === undefined) return undefined;
  return { text, file, startLine: Number(startLine), startColumn: Number(startColumn) };
}
