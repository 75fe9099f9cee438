import { visible } from '@bakery/core/diagnostics.ts';

const widest = 200; // characters: one cell of megabytes must not make every line as long

/** Columns padded to the widest cell; the last column runs free, and a cell wider than all columns pushes its line. */
export function showTable(given: readonly (readonly string[])[]): string {
  // A cell is as wide as it is shown.
  const rows = given.map((row) => row.map((cell) => visible(oneLine(cell))));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.min(Math.max(widths[column] ?? 0, cell.length), widest);
    }
  }
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join('');
}

/** Text of others, which must not make lines of its own in a list. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\n\t]/g, ' ');
}
