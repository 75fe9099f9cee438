import { type Merged, reasonsOf, systemPath } from '../merged.ts';
import { type Check, failed, judged, skipped } from '../outcome.ts';
import type { Subject } from '../subject.ts';
import { dynamicPrograms } from './dynamic-programs.ts';

const what = 'programs find their loader and libraries';

/**
 * glibc's loader lists what a program needs instead of starting it when it is asked to (ld.so(8)); that of musl has an
 * option for it. Where the loader is missing, the shell says so of the program.
 */
const listing = `${systemPath}
while [ $# -gt 1 ]; do
  echo "program $2"
  case "\${1##*/}" in
  ld-linux*) LD_TRACE_LOADED_OBJECTS=1 LD_BIND_NOW= LD_WARN= "$2" || echo "ended with $?" ;;
  *) "$1" --list "$2" || echo "ended with $?" ;;
  esac
  shift 2
done 2>&1`;

const bad = /not found|cannot open|cannot execute|error while loading|ended with/;

/** `undefined` where there is nothing to look at, as of the others. */
export async function checkLibraries(
  { entries, arch }: Subject,
  { host, run }: Merged,
): Promise<Check | undefined> {
  const programs = dynamicPrograms(entries);
  if (programs.length === 0) return undefined;
  if (arch !== undefined && arch !== host.arch) {
    return skipped(what, `${programs.length} of ${arch}, the libraries of the host are for ${host.arch}`);
  }
  const pairs = programs.flatMap(({ loader, path }) => [loader, path]);
  const { stdout, ...ended } = await run(['/bin/sh', '-c', listing, 'sh', ...pairs]);
  if (ended.code !== 0) return failed(what, reasonsOf({ stdout: '', ...ended }));
  return judged(what, stdout.split(/^program (?=\/)/m).flatMap(complaintsOf));
}

/** `/usr/bin/node: libatomic.so.1 => not found` */
function complaintsOf(section: string): string[] {
  const [path = '', ...lines] = section.split('\n').map((line) => line.trim());
  const complaints = lines.filter((line) => bad.test(line));
  const told =
    complaints.length > 1 ? complaints.filter((line) => !line.startsWith('ended with')) : complaints;
  return told.map((line) => `${path}: ${line.replace(/^sh: \d+: |^sh: line \d+: /, '')}`);
}
