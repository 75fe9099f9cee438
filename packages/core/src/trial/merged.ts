import type { Finished } from '../ports/exec.ts';
import type { Host, RunOptions } from './host.ts';

/** A host with all images of a trial merged. */
export interface Merged {
  readonly host: Host;
  readonly run: (command: readonly string[], options?: RunOptions) => Promise<Finished>;
}

/** In a script of ours: the system’s own programs, whatever images have below /usr/local. */
export const systemPath = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';

/** Bytes of stdout, and of stderr, that a program may print. */
export const mostOutput = 16 * 2 ** 20;

/** What a program printed, as lines without empty ones at the end; the last `most` of them. */
export function printedLast({ stdout, stderr }: Finished, most = 15): readonly string[] {
  const text = [stdout, stderr].map((part) => part.trimEnd()).filter((part) => part !== '');
  return text.length === 0 ? [] : text.join('\n').split('\n').slice(-most);
}

/** Why a program did not do its work: what it said, and how it ended where that is not enough. */
export function reasonsOf(ended: Finished): readonly string[] {
  const lines = printedLast(ended);
  const isClear = lines.length > 0 && !tookTooLong(ended.code);
  return isClear ? lines : [`ended with exit code ${showEnd(ended.code)}`, ...lines];
}

/** As of timeout(1) and the shell. */
export function showEnd(code: number): string {
  if (tookTooLong(code)) return `${code}: it took too long`;
  return code === 127 ? '127: it could not be started' : String(code);
}

function tookTooLong(code: number): boolean {
  return code === 124 || code === 137;
}
