import { expect, it } from '@jest/globals';
import { spawnExec } from '../ports/spawn.ts';
import { hasKvm } from './kvm.ts';
import type { Machine } from './machine.ts';

const kernel = { disk: '/g/disk', kernel: '/g/kernel', initrd: '/g/initrd' };
const disk = { disk: '/g/disk', format: 'qcow2' } as const;

/** What a stand-in for QEMU does once it is opened, and once it is given a kernel. */
async function found(opens: string, starts: string, guest: typeof kernel | typeof disk = kernel) {
  const real = spawnExec(process.env);
  const asked: string[] = [];
  const exec: typeof real = {
    ...real,
    run: (_, args, options) => {
      asked.push(args.includes('-S') ? 'opens' : `starts ${args[args.indexOf('-kernel') + 1]}`);
      return real.run('sh', ['-c', args.includes('-S') ? opens : starts], options);
    },
  };
  const machine: Machine = {
    qemu: 'qemu-system-x86_64',
    arguments: [],
    console: 'ttyS0',
    kernel: 'linux-image',
  };
  return { has: await hasKvm({ machine, system: { guest } }, '/', { exec }), asked };
}

it.each([
  ['it does not open', 'exit 1', 'exit 0', false],
  ['it opens and runs a kernel', 'exit 0', 'exit 0', true],
  [
    'it stops at an instruction',
    'exit 0',
    'echo "KVM internal error. Suberror: 1" >&2; exec sleep 3600',
    false,
  ],
  ['it ends at once', 'exit 0', 'exit 1', false],
])('knows whether KVM runs a guest: %s', async (_, opens, starts, has) => {
  expect((await found(opens, starts)).has).toBe(has);
});

it('starts the kernel of the guest, where there is one outside its disk', async () => {
  expect((await found('exit 0', 'exit 1')).asked).toEqual(['opens', 'starts /g/kernel']);
  expect(await found('exit 0', 'exit 1', disk)).toEqual({ has: true, asked: ['opens'] });
});
