import { basename, dirname } from 'node:path';
import { readUnits } from '../../stage/checks/unit-files.ts';
import { type Merged, printedLast, reasonsOf } from '../merged.ts';
import { type Check, failed, passed, skipped } from '../outcome.ts';
import type { Subject } from '../subject.ts';

const what = 'units load';

/** Has the host's own systemd read the units where they are merged, and find their programs. */
export async function checkUnits({ entries }: Subject, { run }: Merged): Promise<Check | undefined> {
  const units = readUnits(entries).filter(({ path }) => !path.endsWith('.conf'));
  if (units.length === 0) return undefined;
  const said: string[] = [];
  for (const manager of ['system', 'user']) {
    const paths = units.map(({ path }) => path).filter((path) => basename(dirname(path)) === manager);
    if (paths.length === 0) continue;
    const ended = await run([
      '/usr/bin/systemd-analyze',
      'verify',
      '--man=no',
      '--recursive-errors=no',
      `--${manager}`,
      ...paths,
    ]);
    if (ended.code === 127) return skipped(what, 'the host has no systemd-analyze');
    if (ended.code !== 0) return failed(what, reasonsOf(ended));
    for (const line of printedLast(ended)) if (line !== '') said.push(line);
  }
  return passed(what, said);
}
