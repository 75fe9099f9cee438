import type { Host } from '../host.ts';
import { type Check, failed, passed, skipped } from '../outcome.ts';
import type { Subject } from '../subject.ts';

const what = 'is for this host';

/**
 * Whether systemd-sysext would take it (systemd-sysext(8), "Extension-release"). On the machine one happens to sit at,
 * another system is no fault of the image.
 */
export function checkFit({ release, arch }: Subject, host: Host): Check {
  const misfits = [...osMisfits(release, host.release), ...archMisfits(arch, host)];
  if (misfits.length === 0) return passed(what);
  if (host.isPristine) return failed(what, misfits);
  return skipped(what, `${misfits.join('; ')}: tried all the same`);
}

type Release = Readonly<Record<string, string>>;

function osMisfits(wanted: Release, host: Release): string[] {
  const id = wanted['ID'] ?? '';
  if (id === '_any') return [];
  const ids = [host['ID'] ?? '', ...(host['ID_LIKE'] ?? '').split(/\s+/)].filter((one) => one !== '');
  if (!ids.includes(id)) return [`made for ID=${id}, the host is ${ids.join(', ') || 'unknown'}`];
  // Of the two only the level counts where both sides have it.
  const [key, value] =
    wanted['SYSEXT_LEVEL'] !== undefined && host['SYSEXT_LEVEL'] !== undefined
      ? ['SYSEXT_LEVEL', wanted['SYSEXT_LEVEL']]
      : ['VERSION_ID', wanted['VERSION_ID'] ?? ''];
  const has = host[key] ?? '';
  return value === has || has === '' ? [] : [`made for ${key}=${value}, the host has ${has}`];
}

function archMisfits(arch: Subject['arch'], host: Host): string[] {
  return arch === undefined || arch === host.arch ? [] : [`made for ${arch}, the host is ${host.arch}`];
}
