import { visible } from '@bakery/core/diagnostics.ts';

/** Columns padded to the widest cell; the last column runs free. */
export function showTable(given: readonly (readonly string[])[]): string {
  // A cell is one line, and as wide as it is shown.
  const rows = given.map((row) => row.map((cell) => visible(cell.replaceAll(/[\n\t]/g, ' '))));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join('');
}
