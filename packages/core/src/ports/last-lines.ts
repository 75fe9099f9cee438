import type { Finished } from './exec.ts';

const shown = 5; // lines

/** What a program that failed said last, indented for an error. */
export function lastLines({ stdout = '', stderr }: Partial<Finished> & Pick<Finished, 'stderr'>): string {
  return (stderr.trim() || stdout.trim()).split('\n').slice(-shown).join('\n  ');
}

/** The same words for each program that ended with a code it should not. */
export function endedWith(code: number): string {
  return `ended with exit code ${code}`;
}
