import { visible } from './visible.ts';

/**
 * Text from outside as a fenced block of Markdown, which it cannot end. Nothing in it is Markdown, and in an issue GitHub
 * calls nobody who is named in it; elsewhere it would, whatever the characters are written as.
 */
export function codeBlock(text: string, language = 'text'): string {
  const shown = visible(text).replace(/\n$/, '');
  let fence = '```';
  for (const [ticks] of shown.matchAll(/`{3,}/g)) if (ticks.length >= fence.length) fence = `${ticks}\``;
  return `${fence}${language}\n${shown}\n${fence}\n`;
}
