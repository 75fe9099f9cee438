import type { Finished } from '../ports/exec.ts';
import type { Host, RunOptions } from './host.ts';

/** A host with all images of a trial merged. */
export interface Merged {
  readonly host: Host;
  readonly run: (command: readonly string[], options?: RunOptions) => Promise<Finished>;
}

/** In a script of ours: the system’s own programs, whatever images have below /usr/local. */
export const systemPath = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';

/** What a program printed, as lines without empty ones at the end; the last `most` of them. */
export function lastLines({ stdout, stderr }: Finished, most = 15): readonly string[] {
  const text = [stdout, stderr].map((part) => part.trimEnd()).filter((part) => part !== '');
  return text.join('\n').split('\n').slice(-most);
}
