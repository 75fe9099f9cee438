import { describe, expect, it } from '@jest/globals';
import { exitCodeOf } from './guest-files.ts';
import { machines } from './machine.ts';
import { type Hardware, qemuArgs } from './qemu-args.ts';

const hardware: Hardware = {
  system: {
    disk: '/cache/disk',
    kernel: '/cache/kernel',
    initrd: '/cache/initrd',
    extensions: '/tmp/a,b/extensions.img',
  },
  machine: machines['x86-64'],
  isEmulated: false,
  memory: 1024,
  processors: 2,
  forwards: [
    { host: 8080, guest: 80 },
    { host: 2222, guest: 22 },
  ],
  isCutOff: false,
};

describe('what QEMU is asked', () => {
  it('is two disks, neither of them written to, and a comma in a path stays one', () => {
    expect(valuesOf('-drive')).toEqual([
      'file=/cache/disk,format=raw,if=virtio,snapshot=on',
      'file=/tmp/a,,b/extensions.img,format=raw,if=virtio,readonly=on',
    ]);
  });

  it('opens ports on the loopback address only', () => {
    expect(valuesOf('-netdev')).toEqual([
      'user,id=net,hostfwd=tcp:127.0.0.1:8080-:80,hostfwd=tcp:127.0.0.1:2222-:22',
    ]);
  });

  it('lets nothing out of a machine that is cut off', () => {
    expect(valuesOf('-netdev', { isCutOff: true, forwards: [] })).toEqual(['user,id=net,restrict=on']);
  });

  it('emulates without KVM', () => {
    expect(valuesOf('-accel')).toEqual(['kvm']);
    expect(valuesOf('-accel', { isEmulated: true })).toEqual(['tcg,thread=multi']);
  });

  it('gives the serial line to a person, or to a file beside a command', () => {
    expect(valuesOf('-serial')).toEqual(['mon:stdio']);
    const command = { output: '/t/output', result: '/t/result', console: '/t/console' };
    expect(valuesOf('-serial', { command })).toEqual(['chardev:console']);
    expect(valuesOf('-chardev', { command })).toEqual([
      'file,id=console,path=/t/console',
      'file,id=output,path=/t/output',
      'file,id=result,path=/t/result',
    ]);
  });

  it('lets a person restart the system, and ends with a command', () => {
    expect(qemuArgs(hardware)).not.toContain('-no-reboot');
    const command = { output: '/t/output', result: '/t/result', console: '/t/console' };
    expect(qemuArgs({ ...hardware, command })).toContain('-no-reboot');
  });

  it('fits the kernel’s command line', () => {
    const [words = ''] = valuesOf('-append');
    expect(words).toContain('systemd.extra-unit.bakery.service:');
    expect(words.length).toBeLessThan(2048);
  });
});

it.each([
  ['exited 0\n', 0],
  ['exited 7\n', 7],
  ['killed KILL\n', 128],
  ['dumped SEGV\n', 128],
  ['', undefined],
  ['exi', undefined],
])('what the guest told, %j, is the exit code %p', (told, code) => {
  expect(exitCodeOf(told)).toBe(code);
});

describe('what QEMU is asked for a system that reads Ignition', () => {
  const system = { disk: '/c/image', format: 'qcow2' as const, ignition: '/t/ignition.json' };
  const firmware = { code: '/c/code', variables: '/c/variables' };

  it('is its firmware, its disk, neither of them written to, and no kernel', () => {
    const change = { system: { ...system, firmware } };
    expect(valuesOf('-drive', change)).toEqual([
      'if=pflash,unit=0,file=/c/code,format=qcow2,readonly=on',
      'if=pflash,unit=1,file=/c/variables,format=qcow2,snapshot=on',
      'file=/c/image,format=qcow2,if=virtio,snapshot=on',
    ]);
    expect(valuesOf('-kernel', change)).toEqual([]);
    expect(valuesOf('-bios', { system: { ...system, firmware: { bios: '/c/OVMF.fd' } } })).toEqual([
      '/c/OVMF.fd',
    ]);
  });

  it('is Ignition under the names that Flatcar and Fedora CoreOS look for', () => {
    expect(valuesOf('-fw_cfg', { system })).toEqual([
      'name=opt/org.flatcar-linux/config,file=/t/ignition.json',
      'name=opt/com.coreos/config,file=/t/ignition.json',
    ]);
  });

  it('is a board that has no kind of its own for arm64', () => {
    expect(valuesOf('-machine', { machine: machines.arm64 })).toEqual(['virt']);
  });
});

function valuesOf(option: string, change: Partial<Hardware> = {}): string[] {
  const args = qemuArgs({ ...hardware, ...change });
  return args.filter((_, index) => args[index - 1] === option);
}
