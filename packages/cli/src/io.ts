import type { HostProcess } from '@bakery/core/bakery.ts';
import type { Screen } from './terminal-report.ts';

/** Everything a command sees of the process it runs in. */
export interface Io extends HostProcess {
  /** Data: what a script may read. */
  readonly out: Screen;
  /** Progress and complaints. */
  readonly err: Screen;
}
