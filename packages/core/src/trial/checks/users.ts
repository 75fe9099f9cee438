import { isYes } from '../../stage/checks/booleans.ts';
import type { Entries } from '../../stage/checks/entries.ts';
import { readUnits, type UnitFile } from '../../stage/checks/unit-files.ts';
import { type Merged, reasonsOf, systemPath } from '../merged.ts';
import { type Check, failed, passed, skipped } from '../outcome.ts';
import type { Subject } from '../subject.ts';

const what = 'users, groups and temporary files are made';

/**
 * A root of its own for systemd-sysusers and systemd-tmpfiles, with the merged /usr and what the host knows of users:
 * they write where only this trial sees it, and what leads out of it leads nowhere. `$1` and `$2`: their files, a line each.
 */
const apply = `${systemPath}
root=/tmp/root
mkdir -p $root/etc $root/usr $root/run $root/var/lib $root/tmp
for file in passwd group; do cp /etc/$file $root/etc/ || exit 2; done
mount --rbind /usr $root/usr || exit 2
for link in bin sbin lib lib64; do if [ -h /$link ]; then ln -s usr/$link $root/$link; fi; done
set -f; IFS='
'
code=0
if [ -n "$1" ]; then systemd-sysusers --root=$root $1 || code=$?; fi
if [ -n "$2" ]; then systemd-tmpfiles --root=$root --create $2 || code=$?; fi
cut -d: -f1 $root/etc/passwd; echo :; cut -d: -f1 $root/etc/group
exit $code`;

/** Applies the lines of sysusers.d and tmpfiles.d, and looks whether everybody that units name is there then. */
export async function checkUsers({ entries }: Subject, { host, run }: Merged): Promise<Check | undefined> {
  const [sysusers, tmpfiles] = ['sysusers', 'tmpfiles'].map((kind) => confFiles(entries, kind));
  const named = namedUsers(entries);
  if (sysusers === '' && tmpfiles === '' && named.length === 0) return undefined;
  if (!host.hasRoot) return skipped(what, 'only root can make users, and here is nobody but oneself');
  const ended = await run(['/bin/sh', '-c', apply, 'sh', sysusers ?? '', tmpfiles ?? ''], { asRoot: true });
  if (ended.code !== 0) return failed(what, reasonsOf({ ...ended, stdout: '' }));
  const [users = '', groups = ''] = ended.stdout.split('\n:\n');
  const known = { User: new Set(users.split('\n')), Group: new Set(groups.split('\n')) };
  const missing = named.filter(({ key, value }) => !known[key].has(value));
  if (missing.length === 0) return passed(what);
  return failed(
    what,
    missing.map(
      ({ path, key, value }) => `${path}: ${key}=${value}: neither the host nor the image makes it`,
    ),
  );
}

function confFiles({ all }: Entries, kind: string): string {
  const folder = new RegExp(String.raw`^/usr/lib/${kind}\.d/[^/]+\.conf$`);
  return all.flatMap(({ path }) => (folder.test(path) ? [path] : [])).join('\n');
}

interface Named {
  readonly path: string;
  readonly key: 'User' | 'Group';
  readonly value: string;
}

function namedUsers(entries: Entries): Named[] {
  const units = readUnits(entries).filter(({ path }) => path.includes('/systemd/system/'));
  const dynamic = new Set(units.filter((unit) => isYes(last(unit, 'DynamicUser'))).map(({ unit }) => unit));
  return units.flatMap((unit) =>
    (['User', 'Group'] as const).flatMap((key) => {
      const value = last(unit, key);
      const isName = value !== '' && !/^\d+$|%/.test(value) && !dynamic.has(unit.unit);
      return isName ? [{ path: unit.path, key, value }] : [];
    }),
  );
}

function last({ settings }: UnitFile, wanted: string): string {
  return settings.findLast(({ section, key }) => section === 'Service' && key === wanted)?.value ?? '';
}
