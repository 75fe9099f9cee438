import type { Guest } from './debian-guest.ts';
import { outputPort, resultPort, setupUnit } from './guest-files.ts';
import type { Machine } from './machine.ts';

/** A port of this machine that leads to one of the guest. */
export interface Forward {
  readonly host: number;
  readonly guest: number;
}

export interface Hardware {
  readonly guest: Guest;
  readonly machine: Machine;
  /** Path of the disk with the extensions. */
  readonly extensions: string;
  readonly isEmulated: boolean;
  /** MiB */
  readonly memory: number;
  readonly processors: number;
  readonly forwards: readonly Forward[];
  /** Files for what a command prints, how it ended, and the console; absent when a person is at the terminal. */
  readonly command?: CommandFiles;
}

export interface CommandFiles {
  readonly output: string;
  readonly result: string;
  readonly console: string;
}

/** What is asked of QEMU. Nothing is written to any disk of it: the guest's goes to a temporary file. */
export function qemuArgs(hardware: Hardware): string[] {
  const { guest, machine, extensions, isEmulated, memory, processors, forwards, command } = hardware;
  const forwarded = forwards.map((port) => `,hostfwd=tcp:127.0.0.1:${port.host}-:${port.guest}`).join('');
  return [
    ...machine.arguments,
    '-accel',
    isEmulated ? 'tcg,thread=multi' : 'kvm',
    '-cpu',
    'max',
    '-smp',
    String(processors),
    '-m',
    String(memory),
    '-nodefaults',
    '-display',
    'none',
    '-no-reboot',
    '-kernel',
    guest.kernel,
    '-initrd',
    guest.initrd,
    '-append',
    kernelWords(machine, command === undefined),
    '-drive',
    `file=${escaped(guest.disk)},format=raw,if=virtio,snapshot=on`,
    '-drive',
    `file=${escaped(extensions)},format=raw,if=virtio,readonly=on`,
    '-netdev',
    `user,id=net${forwarded}`,
    '-device',
    'virtio-net-pci,netdev=net,romfile=',
    '-device',
    'virtio-rng-pci',
    ...(command === undefined ? ['-serial', 'mon:stdio'] : commandArgs(command)),
  ];
}

function commandArgs({ output, result, console }: CommandFiles): string[] {
  return [
    '-chardev',
    fileDevice('console', console),
    '-serial',
    'chardev:console',
    '-device',
    'virtio-serial',
    '-chardev',
    fileDevice('output', output),
    '-device',
    `virtserialport,chardev=output,name=${outputPort}`,
    '-chardev',
    fileDevice('result', result),
    '-device',
    `virtserialport,chardev=result,name=${resultPort}`,
  ];
}

function fileDevice(id: string, path: string): string {
  return `file,id=${id},path=${escaped(path)}`;
}

function kernelWords({ console }: Machine, hasPerson: boolean): string {
  const unit = Buffer.from(setupUnit).toString('base64');
  return [
    `root=/dev/vda rw console=${console} net.ifnames=0`,
    `systemd.set_credential_binary=systemd.extra-unit.bakery.service:${unit}`,
    'systemd.wants=bakery.service',
    ...(hasPerson ? ['quiet', 'systemd.show_status=auto'] : []),
  ].join(' ');
}

/** In QEMU's lists of options a comma ends a value, and two are one. */
function escaped(path: string): string {
  return path.replaceAll(',', ',,');
}
