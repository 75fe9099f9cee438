import { visible } from '@bakery/core/diagnostics.ts';

/** Text from outside as Markdown that shows it as it is. */
export function plainText(text: string): string {
  // A character reference never opens anything in Markdown or HTML (CommonMark 6.2).
  return visible(text)
    .replaceAll(/[^A-Za-z0-9 .,/+()=\n-]/gu, (char) => `&#${char.codePointAt(0)};`)
    .replaceAll('\n', '<br>');
}

/** Text from outside, or a link of our own. */
export type Cell = string | { readonly text: string; readonly url: string };

export function markdownTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  return [rowOf(head), rowOf(head.map(() => '---')), ...rows.map((row) => rowOf(row.map(showCell)))];
}

function showCell(cell: Cell): string {
  if (typeof cell === 'string') return plainText(cell);
  return `[${plainText(cell.text)}](${cell.url.replaceAll(/[()<>|\s]/g, encodeURIComponent)})`;
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
