import type { Screen } from './terminal-report.ts';

/** Data for scripts: one JSON document, ending in a newline. */
export function printJson(out: Screen, data: unknown): void {
  out.write(`${JSON.stringify(data, undefined, 2)}\n`);
}
