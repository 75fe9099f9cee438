import { error, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { isYes } from './booleans.ts';
import type { Entries } from './entries.ts';
import { readText } from './read-text.ts';
import { readUnits, type UnitFile } from './unit-files.ts';

const hostUsers = new Set(['root', 'nobody']);

/** A unit that runs as a user fails to start where nobody made that user. */
export function checkUsers(entries: Entries): Diagnostic[] {
  const units = readUnits(entries);
  const dynamic = new Set(
    units.filter((unit) => isYes(lastValue(unit, 'DynamicUser') ?? '')).map(({ unit }) => unit),
  );
  const made = usersMade(entries);
  return units.flatMap((unit) => {
    const user = lastValue(unit, 'User');
    if (user === undefined || user === '' || dynamic.has(unit.unit)) return [];
    if (/^\d+$|%/.test(user) || hostUsers.has(user) || made.has(user)) return [];
    return [
      error(
        'tree.no-user',
        unit.path,
        `User=${user}: expected a line "u ${user} …" in /usr/lib/sysusers.d, got none`,
      ),
    ];
  });
}

/** Names of the sysusers.d(5) lines that make a user. */
function usersMade({ root, all }: Entries): Set<string> {
  const lines = all
    .filter(
      ({ path, kind }) => kind === 'file' && /^\/usr\/(local\/)?lib\/sysusers\.d\/[^/]+\.conf$/.test(path),
    )
    .flatMap(({ path }) => readText(root, path).split('\n'));
  return new Set(lines.flatMap((line) => /^\s*u!?\s+"?([^\s":]+)/.exec(line)?.[1] ?? []));
}

function lastValue({ settings }: UnitFile, wanted: string): string | undefined {
  return settings.findLast(({ section, key }) => section === 'Service' && key === wanted)?.value;
}
