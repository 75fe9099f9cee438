import { visible, visibleJson } from '@bakery/core/diagnostics.ts';
import type { Screen } from './terminal-report.ts';

/** Data for scripts: one JSON document, ending in a newline. */
export function printJson(out: Screen, data: unknown): void {
  out.write(`${visibleJson(data, 2)}\n`);
}

/** The same screen for text from outside: all that commands print goes through it. */
export function visibleOn(screen: Screen): Screen {
  return { isTTY: screen.isTTY, columns: screen.columns, write: (text) => screen.write(visible(text)) };
}
