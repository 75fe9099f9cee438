import type { Entry } from '../../stage/checks/entries.ts';
import { shadowReason } from '../../stage/checks/shadows.ts';
import type { Host, Kind } from '../host.ts';
import { type Check, failed, passed } from '../outcome.ts';
import type { Subject } from '../subject.ts';

const what = 'takes nothing from the host';
const libraryFolder = /^\/usr\/lib(?:64)?(?:\/[\w-]+-linux-gnu\w*)?\/[^/]+\.so(?:\.[\d.]+)?$/;
const mostSaid = 20; // lines; an image with a whole distribution in it has thousands

interface Covered {
  readonly path: string;
  /** What that takes from the host; absent for a file that some hosts have and others do not. */
  readonly why?: string;
}

/**
 * Holds every path of the image against the host. Where somebody may have installed the same program before, as on a
 * laptop or a runner, covering it is what an extension is for, and said; a host that has nothing but its system misses
 * whatever is covered.
 */
export async function checkCovered({ entries }: Subject, host: Host): Promise<Check> {
  const found = await Promise.all(entries.all.map((entry) => coveredBy(entry, host)));
  const covered = found.filter((one) => one !== undefined);
  const harmful = covered.filter(({ why }) => why !== undefined);
  if (harmful.length > 0) return failed(what, shortened(harmful.map(({ path, why }) => `${path}: ${why}`)));
  if (covered.length === 0) return passed(what);
  return passed(what, [
    `covers what this machine has: ${shortened(covered.map(({ path }) => path)).join(', ')}`,
  ]);
}

async function coveredBy({ path, kind }: Entry, host: Host): Promise<Covered | undefined> {
  const there = await host.kindAt(path);
  if (there === undefined || (there === 'folder' && kind === 'folder')) return undefined;
  const why = reason(path, kind, there, host);
  return why === undefined ? { path } : { path, why };
}

function reason(path: string, kind: Entry['kind'], there: Kind, { isPristine }: Host): string | undefined {
  if (there === 'folder') return `the host has a folder there, which a ${kind} hides with all that is in it`;
  if (kind === 'folder') {
    return `the host has a ${there} there, which a folder hides${there === 'symlink' ? ' with all that it leads to' : ''}`;
  }
  const known = shadowReason(path);
  if (known !== undefined) return known;
  if (libraryFolder.test(path)) return 'programs of the host would load it instead of their own';
  return isPristine ? 'it replaces a file of the system' : undefined;
}

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= mostSaid
    ? lines
    : [...lines.slice(0, mostSaid), `and ${lines.length - mostSaid} more`];
}
