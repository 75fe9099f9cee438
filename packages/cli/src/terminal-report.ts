import { capped, visible } from '@bakery/core/diagnostics.ts';
import type { Progress, Report } from '@bakery/core/ports.ts';

/** The parts of a terminal or a log file the report needs. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const redrawMs = 100;
const quietMs = 2000; // What is done sooner needs no progress.

/** Phases and warnings on `screen` (standard error, so that standard output stays for data). */
export function terminalReport(screen: Screen, now: () => number = () => performance.now()): Report {
  const bars = new Set<Bar>();
  let drawn = '';

  function print(line: string): void {
    erase();
    screen.write(`${visible(capped(line))}\n`);
    draw();
  }
  function erase(): void {
    if (drawn !== '') screen.write('\r\u001B[K');
    drawn = '';
  }
  function draw(): void {
    if (screen.isTTY !== true) return;
    const all = [...bars]
      .filter((bar) => now() - bar.since > quietMs)
      .map((bar) => show(bar))
      .join('   ');
    const text = visible(all);
    if (text === drawn) return;
    erase();
    drawn = text.slice(0, (screen.columns ?? 80) - 1);
    screen.write(drawn);
  }

  return {
    async group(title, work) {
      print(title);
      return work();
    },
    info: (line) => print(`  ${line}`),
    warn: (line) => print(`  warning: ${line}`),
    progress(label, total): Progress {
      const bar: Bar = { label, total, done: 0, since: now(), drawnAt: 0, announced: 0 };
      bars.add(bar);
      return {
        update(done) {
          bar.done = done;
          if (now() - bar.drawnAt < redrawMs) return;
          bar.drawnAt = now();
          if (screen.isTTY === true) draw();
          else announceQuarter(bar, print, now);
        },
        [Symbol.dispose]() {
          bars.delete(bar);
          draw();
        },
      };
    },
  };
}

interface Bar {
  readonly label: string;
  readonly total: number | undefined;
  readonly since: number;
  done: number;
  drawnAt: number;
  announced: number;
}

/** A log that is no terminal gets a line at each quarter of what takes long. */
function announceQuarter(bar: Bar, print: (line: string) => void, now: () => number): void {
  if (bar.total === undefined || now() - bar.since < quietMs) return;
  const quarter = Math.floor((4 * bar.done) / bar.total);
  if (quarter <= bar.announced || quarter >= 4) return;
  bar.announced = quarter;
  print(`  ${show(bar)}`);
}

function show(bar: Bar): string {
  if (bar.total === undefined || bar.total === 0) return bar.label;
  return `${bar.label} ${Math.min(100, Math.floor((100 * bar.done) / bar.total))} %`;
}
