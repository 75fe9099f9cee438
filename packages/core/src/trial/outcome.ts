import type { DiagnosticPlace } from '../diagnostics/diagnostic.ts';
import type { Arch } from '../names/arch.ts';

/** One thing that an image promises a host, tried. */
export interface Check {
  /** The promise: `programs find their libraries`. */
  readonly what: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  /** Lines: what failed, why it was skipped, what is worth knowing. */
  readonly said: readonly string[];
  /** Where the recipe promises it. */
  readonly place?: DiagnosticPlace;
}

export interface TimedCheck extends Check {
  readonly seconds: number;
}

/** What became of one image. */
export interface TriedImage {
  readonly name: string;
  readonly version?: string;
  readonly arch?: Arch;
  readonly checks: readonly TimedCheck[];
}

/** Images that were merged into one host. */
export interface Trial {
  /** For people: `this machine (debian 12, x86-64)`. */
  readonly host: string;
  readonly images: readonly TriedImage[];
  readonly seconds: number;
}

export type Counts = Readonly<Record<Check['result'], number>>;

export function countsOf(checks: readonly Check[]): Counts {
  const count = (result: Check['result']): number => checks.filter((check) => check.result === result).length;
  return { failed: count('failed'), passed: count('passed'), skipped: count('skipped') };
}

export function allChecks({ images }: Pick<Trial, 'images'>): readonly TimedCheck[] {
  return images.flatMap(({ checks }) => checks);
}

export function passed(what: string, said: readonly string[] = []): Check {
  return { what, result: 'passed', said };
}

export function failed(what: string, said: readonly string[]): Check {
  return { what, result: 'failed', said };
}

export function skipped(what: string, why: string): Check {
  return { what, result: 'skipped', said: [why] };
}

/** Fails when there is anything to complain of. */
export function judged(what: string, complaints: readonly string[]): Check {
  return complaints.length === 0 ? passed(what) : failed(what, complaints);
}
