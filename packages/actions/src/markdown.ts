import { visible } from '@bakery/core/diagnostics/visible.ts';

/** Text from outside as Markdown that shows it as it is. */
export function plainText(text: string): string {
  // A character reference never opens anything in Markdown or HTML (CommonMark 6.2).
  return visible(text)
    .replaceAll(/[^A-Za-z0-9 .,/+()=\n-]/gu, (char) => `&#${char.codePointAt(0)};`)
    .replaceAll('\n', '<br>');
}

/** A table; the cells are text from outside. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [rowOf(head), rowOf(head.map(() => '---')), ...rows.map((row) => rowOf(row.map(plainText)))];
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
