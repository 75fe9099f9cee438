import type { Recipe } from '@bakery/core/recipe.ts';
import type { UnitConfig } from './host-config.ts';

/**
 * Units that update one extension whenever systemd-sysupdate’s own timer fires, and act when its link leads
 * elsewhere afterwards. `services` are those to restart.
 */
export function updateUnits(
  name: string,
  after: Recipe['after-update'],
  services: readonly string[],
): readonly UnitConfig[] {
  const changed = action(name, after);
  return [
    { name: 'systemd-sysupdate.timer', enabled: true },
    {
      name: 'systemd-sysupdate.service',
      dropins: [{ name: `${name}.conf`, contents: dropIn(name, changed) }],
    },
    ...(after === 'refresh' || after === 'restart'
      ? [{ name: newImageUnit(name), contents: newImage(name, after === 'restart' ? services : []) }]
      : []),
  ];
}

function action(name: string, after: Recipe['after-update']): string | undefined {
  if (after === 'nothing') return undefined;
  return after === 'reboot'
    ? '/usr/bin/touch /run/reboot-required'
    : `/usr/bin/systemctl --no-block start ${newImageUnit(name)}`;
}

// "-": one extension that cannot be fetched keeps no other one from being updated. "$$": systemd makes "$" of it.
function dropIn(name: string, changed: string | undefined): string {
  const link = `/etc/extensions/${name}.raw`;
  const state = `/run/sysext-${name}.before`;
  const before = `ExecStartPre=/bin/sh -c 'readlink -f ${link} >${state} || true'\n`;
  const compare = `ExecStartPost=/bin/sh -c '[ "$$(readlink -f ${link})" = "$$(cat ${state})" ] || ${changed}'\n`;
  const update = `ExecStartPre=-/usr/lib/systemd/systemd-sysupdate -C ${name} update\n`;
  return `[Service]\n${changed === undefined ? update : before + update + compare}`;
}

function newImageUnit(name: string): string {
  return `sysext-${name}-new.service`;
}

// A unit of its own: systemd-sysupdate.service may use few capabilities and system calls, and its children no more.
function newImage(name: string, services: readonly string[]): string {
  const restart =
    services.length === 0
      ? ''
      : `ExecStart=/usr/bin/systemctl --no-block try-restart ${services.join(' ')}\n`;
  return `[Unit]\nDescription=Use the new image of ${name}\n\n[Service]\nType=oneshot\nExecStart=/usr/bin/systemd-sysext refresh\n${restart}`;
}
