/** Tells a human what happens. Adapters: terminal, GitHub log groups, silence. */
export interface Report {
  /** One phase, named by a verb phrase: `Build nodejs 24.1.0 for arm64`. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
  info(line: string): void;
  warn(line: string): void;
  /** Live progress of one long thing. `total` in the unit the caller counts in (bytes by default). */
  progress(label: string, total?: number): Progress;
}

export interface Progress extends Disposable {
  /** `done` counts from the start, not from the last call. */
  update(done: number): void;
}

/** A report nobody reads. */
export const silentReport: Report = {
  group: (_title, work) => work(),
  info: () => {},
  warn: () => {},
  progress: () => ({ update: () => {}, [Symbol.dispose]: () => {} }),
};
