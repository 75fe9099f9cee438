import type { Report } from '../../ports/report.ts';
import type { Look } from './look.ts';

/** The folder of a store, and how it is worked on. */
export interface StoreFolder {
  readonly root: string;
  /** As the user writes it: `dir:PATH`. */
  readonly name: string;
  readonly look: Look;
  readonly report: Pick<Report, 'warn'>;
  /** Lets one run after the other change the store, and one call after the other within a run. */
  locked<T>(work: () => Promise<T>): Promise<T>;
}
