import type { Report } from '@bakery/core/ports.ts';

/** The part of @actions/core that writes the log. */
export interface Log {
  startGroup(name: string): void;
  endGroup(): void;
  info(message: string): void;
  warning(message: string): void;
}

/** Phases as log groups. GitHub cannot nest groups, so one inside another is a heading. */
export function actionReport(log: Log): Report {
  let isOpen = false;
  return {
    async group(title, work) {
      if (isOpen) {
        log.info(title);
        return work();
      }
      isOpen = true;
      log.startGroup(title);
      try {
        return await work();
      } finally {
        log.endGroup();
        isOpen = false;
      }
    },
    info: (line) => log.info(line),
    warn: (line) => log.warning(line),
    // A log is read afterwards: the seconds of a group say what progress would have.
    progress: () => ({ update: () => {}, [Symbol.dispose]: () => {} }),
  };
}
