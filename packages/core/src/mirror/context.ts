import type { Report } from '../ports/report.ts';
import type { Store } from '../store/store.ts';
import type { Source } from './source.ts';

/** From where, to where. */
export interface MirrorContext {
  readonly source: Source;
  /** The directory store in `root`. */
  readonly store: Store;
  readonly root: string;
  readonly report: Report;
}
