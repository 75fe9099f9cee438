import type { Bakery } from '@bakery/core/bakery/open-bakery.ts';
import { boot } from '@bakery/core/guest/boot.ts';
import { debianGuest } from '@bakery/core/guest/debian-guest.ts';
import { machines } from '@bakery/core/guest/machine.ts';
import { toolsFor } from '@bakery/core/tools/table.ts';
import type { HostContext } from '@bakery/core/trial/this-host.ts';
import type { BootingHost } from '@bakery/core/trial/try-in-guest.ts';

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
    async boot(extensions, command) {
      const pieces: Buffer[] = [];
      const request = { guest, machine, extensions, memory, forwards: [], command };
      const context = { ...ports, path, isRoot, scratch: temporary };
      await boot({ ...request, onOutput: (piece) => pieces.push(Buffer.from(piece)) }, context);
      return Buffer.concat(pieces).toString('utf8');
    },
  };
}
