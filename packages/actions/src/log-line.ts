import { visible } from '@bakery/core/diagnostics.ts';

/**
 * Text from outside as lines the runner only shows. It takes `::name::` at the start of a line and `##[name]`
 * anywhere for a command (docs: workflow commands; actions/runner ActionCommand.cs).
 */
export function plainLine(text: string): string {
  return visible(text.replaceAll(/\r\n?|[\u2028\u2029]/g, '\n'))
    .replaceAll(/^(\s*):(?=:)/gm, `$1:${wordJoiner}`)
    .replaceAll('##[', `##${wordJoiner}[`);
}

const wordJoiner = '\u2060'; // Nothing to see, but no command any more.
