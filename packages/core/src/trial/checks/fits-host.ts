import type { Host } from '../host.ts';
import { type Check, failed, passed, skipped } from '../outcome.ts';
import type { Subject } from '../subject.ts';

const what = 'is for this host';

/**
 * Whether systemd-sysext would take it (systemd-sysext(8), "Extension-release"). On the machine one happens to sit at,
 * another system is no fault of the image.
 */
export async function checkFit(
  { release, arch }: Pick<Subject, 'release' | 'arch'>,
  host: Host,
): Promise<Check> {
  const misfits = [...(await osMisfits(release, host)), ...archMisfits(arch, host)];
  if (misfits.length === 0) return passed(what);
  if (host.isPristine) return failed(what, misfits);
  return skipped(what, `${misfits.join('; ')}: tried all the same`);
}

type Release = Readonly<Record<string, string>>;

async function osMisfits(wanted: Release, on: Host): Promise<string[]> {
  const host = on.release;
  const id = wanted['ID'] ?? '';
  if (id === '_any') return [];
  const alike = (host['ID_LIKE'] ?? '').split(/\s+/);
  if (id !== host['ID']) {
    if (!alike.includes(id)) return [`made for ID=${id}, the host is ${host['ID'] ?? 'unknown'}`];
    const version = await on.systemdVersion();
    if (version !== undefined && !readsIdLike(version)) {
      return [`made for ID=${id}, the host is ${host['ID']}: its systemd ${version} does not read ID_LIKE=`];
    }
  }
  // Of the two only the level counts where both sides have it.
  const [key, value] =
    wanted['SYSEXT_LEVEL'] !== undefined && host['SYSEXT_LEVEL'] !== undefined
      ? ['SYSEXT_LEVEL', wanted['SYSEXT_LEVEL']]
      : ['VERSION_ID', wanted['VERSION_ID'] ?? ''];
  const has = host[key] ?? '';
  return value === has || has === '' ? [] : [`made for ${key}=${value}, the host has ${has}`];
}

/** Since 258 (https://github.com/systemd/systemd/pull/37648), which 257.13 got too. */
function readsIdLike(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= 258 || (major === 257 && minor >= 13);
}

function archMisfits(arch: Subject['arch'], host: Host): string[] {
  return arch === undefined || arch === host.arch ? [] : [`made for ${arch}, the host is ${host.arch}`];
}
