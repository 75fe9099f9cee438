import type { Bakery } from '@bakery/core/bakery.ts';
import { boot, debianGuest, machines } from '@bakery/core/guest.ts';
import { toolsFor } from '@bakery/core/tools.ts';
import type { BootingHost, HostContext } from '@bakery/core/trial.ts';

const arch = 'x86-64';
const suite = 'trixie';
const memory = 2048; // MiB

/** A virtual machine as `bakery boot` makes it. */
export async function virtualHost(
  bakery: Bakery,
  { isRoot, temporary }: HostContext,
  offline: boolean,
): Promise<BootingHost> {
  const { ports, cacheFolder, path } = bakery;
  const machine = machines[arch];
  await bakery.requireTools([machine.qemu, ...toolsFor('guests')]);
  const guest = await debianGuest(suite, arch, machine, { ...ports, cacheFolder, offline });
  return {
    name: `Debian ${suite} in a virtual machine`,
    arch,
    async boot(extensions, command, mostSeconds) {
      const pieces: Buffer[] = [];
      const system = { guest, extensions };
      const request = { system, machine, memory, forwards: [], isCutOff: true, command, mostSeconds };
      const context = { ...ports, path, isRoot, scratch: temporary };
      await boot({ ...request, onOutput: (piece) => pieces.push(Buffer.from(piece)) }, context);
      return Buffer.concat(pieces).toString('utf8');
    },
  };
}
