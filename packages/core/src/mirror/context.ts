import type { Exec } from '../ports/exec.ts';
import type { Report } from '../ports/report.ts';
import type { Store } from '../store/store.ts';
import type { Source } from './source.ts';

/** Where a directory store keeps what is half done; hidden from readers, and cleared by its next run. */
export const workFolder = '.bakery';

/** From where, to where. */
export interface MirrorContext {
  readonly source: Source;
  /** The directory store in `root`. */
  readonly store: Store;
  readonly root: string;
  readonly report: Report;
  readonly exec: Exec;
  /** For scratch files. */
  readonly tmpdir: string;
  readonly sleep: (milliseconds: number) => Promise<void>;
}
