import { describe, expect, it } from '@jest/globals';
import { exitCodeOf } from './guest-files.ts';
import { machines } from './machine.ts';
import { type Hardware, qemuArgs } from './qemu-args.ts';

const hardware: Hardware = {
  guest: { disk: '/cache/disk', kernel: '/cache/kernel', initrd: '/cache/initrd' },
  machine: machines['x86-64'],
  extensions: '/tmp/a,b/extensions.img',
  isEmulated: false,
  memory: 1024,
  processors: 2,
  forwards: [
    { host: 8080, guest: 80 },
    { host: 2222, guest: 22 },
  ],
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

function valuesOf(option: string, change: Partial<Hardware> = {}): string[] {
  const args = qemuArgs({ ...hardware, ...change });
  return args.filter((_, index) => args[index - 1] === option);
}
