import { outputPort, resultPort, setupUnit } from './guest-files.ts';
import type { DiskGuest, KernelGuest } from './guest.ts';
import type { Machine } from './machine.ts';

/** A port of this machine that leads to one of the guest. */
export interface Forward {
  readonly host: number;
  readonly guest: number;
}

export interface Hardware {
  readonly machine: Machine;
  readonly system: BootedSystem;
  readonly isEmulated: boolean;
  /** MiB */
  readonly memory: number;
  readonly processors: number;
  readonly forwards: readonly Forward[];
  /** No packet leaves the machine but what `forwards` ask for. */
  readonly isCutOff: boolean;
  /** Files for what a command prints, how it ended, and the console; absent when a person is at the terminal. */
  readonly command?: CommandFiles;
}

/** A guest, and how it gets to know its extensions. */
export type BootedSystem =
  | (KernelGuest & {
      /** Path of the disk with the extensions. */
      readonly extensions: string;
    })
  | (DiskGuest & {
      /** Path of an Ignition configuration. */
      readonly ignition: string;
    });

export interface CommandFiles {
  readonly output: string;
  readonly result: string;
  readonly console: string;
}

/** What is asked of QEMU. Nothing is written to any disk of it: the guest's goes to a temporary file. */
export function qemuArgs(hardware: Hardware): string[] {
  const { machine, isEmulated, memory, processors, forwards, isCutOff, command } = hardware;
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
    // A person who restarts the system goes on in it; a command would run again for ever.
    ...(command === undefined ? [] : ['-no-reboot']),
    ...systemArgs(hardware),
    '-netdev',
    `user,id=net${isCutOff ? ',restrict=on' : ''}${forwarded}`,
    '-device',
    'virtio-net-pci,netdev=net,romfile=',
    '-device',
    'virtio-rng-pci',
    ...(command === undefined ? ['-serial', 'mon:stdio'] : commandArgs(command)),
  ];
}

function systemArgs({ system, machine, command }: Hardware): string[] {
  if ('ignition' in system)
    return [...firmwareArgs(system), ...diskArgs(system), ...ignitionArgs(system.ignition)];
  const { kernel, initrd, extensions } = system;
  return [
    '-kernel',
    kernel,
    '-initrd',
    initrd,
    '-append',
    kernelWords(machine, command === undefined),
    ...diskArgs({ ...system, format: 'raw' }),
    '-drive',
    `file=${escaped(extensions)},format=raw,if=virtio,readonly=on`,
  ];
}

function diskArgs({ disk, format }: Pick<DiskGuest, 'disk' | 'format'>): string[] {
  return ['-drive', `file=${escaped(disk)},format=${format},if=virtio,snapshot=on`];
}

function firmwareArgs({ firmware }: DiskGuest): string[] {
  if (firmware === undefined) return [];
  if ('bios' in firmware) return ['-bios', firmware.bios];
  return [
    '-drive',
    `if=pflash,unit=0,file=${escaped(firmware.code)},format=qcow2,readonly=on`,
    '-drive',
    `if=pflash,unit=1,file=${escaped(firmware.variables)},format=qcow2,snapshot=on`,
  ];
}

/** Under the names that Flatcar and Fedora CoreOS look for. */
function ignitionArgs(path: string): string[] {
  const names = ['opt/org.flatcar-linux/config', 'opt/com.coreos/config'];
  return names.flatMap((name) => ['-fw_cfg', `name=${name},file=${escaped(path)}`]);
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
    `root=/dev/vda rw console=${console} net.ifnames=0 systemd.ssh_auto=no`,
    // A kernel that counts too few ticks of an emulated clock beside other work gives up; one that gives up ends the machine.
    'no_timer_check panic=-1',
    `systemd.set_credential_binary=systemd.extra-unit.bakery.service:${unit}`,
    'systemd.wants=bakery.service',
    'systemd.default_device_timeout_sec=1800', // an emulated machine beside other work may need more than 90
    ...(hasPerson ? ['quiet', 'systemd.show_status=auto'] : []),
  ].join(' ');
}

/** In QEMU's lists of options a comma ends a value, and two are one. */
function escaped(path: string): string {
  return path.replaceAll(',', ',,');
}
