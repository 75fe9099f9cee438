import { InvalidArgumentError, Option, type Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { channels, type Forward, guestArches, suites } from '@bakery/core/guest.ts';
import { defaultArch } from '@bakery/core/names.ts';
import { bootImages, type BootOptions } from '../boot-images.ts';
import type { CommandContext } from '../command-context.ts';
import { requireFile } from '../require-file.ts';
import type { ExitCode } from '../run-cli.ts';

/** `boot IMAGE… | EXT[:VERSION]…`: a virtual machine with extensions merged. */
export function bootCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('try extensions in a virtual machine')
      .description(
        'Boots Flatcar in QEMU with the extensions merged early, as on a real host: their units start, their users are\n' +
          'made. You get a shell as a user for whom sudo asks no password; leaving it ends the machine. Nothing is kept of\n' +
          'it. Flatcar is fetched once and its signature checked; --os debian makes a guest from a mirror of Debian packages\n' +
          'instead. EXT is built first, its newest version without VERSION.',
      )
      .argument('<image...>', 'image files, or EXT[:VERSION]')
      .option(
        '--os <os>',
        `what to boot: flatcar, debian, ${suites.map((suite) => `debian:${suite}`).join(', ')}, or the path of an OS image that reads Ignition`,
        'flatcar',
      )
      .addOption(
        new Option('--arch <arch>', 'of the machine; another one than this machine’s is emulated')
          .choices(guestArches)
          .default(defaultArch),
      )
      .addOption(new Option('--channel <channel>', 'of Flatcar (default: stable)').choices(channels))
      .addOption(new Option('--release <version>', 'of Flatcar, e.g. 4459.2.0').conflicts('channel'))
      .option('--keys <file>', 'OpenPGP keys to verify Flatcar with, instead of its own')
      .option('--butane <file>', 'configuration that Ignition gets beside the extensions')
      .option('--firmware <file>', 'what starts an OS image, e.g. OVMF.fd (default for x86-64: QEMU’s BIOS)')
      .option(
        '--ssh <public-key>',
        'file of a key that may log in; port 2222 leads there, unless --ports names one for 22',
      )
      .option(
        '--command <command>',
        'run this as root once everything is up, print what it prints, end with its exit code',
      )
      .option(
        '--ports <host:guest,...>',
        'TCP ports of 127.0.0.1 that lead into the machine',
        readForwards,
        [],
      )
      .option('--memory <MiB>', 'memory of the machine', readMemory, 2048)
      .action(
        action(async (words: readonly string[], options: BootOptions): Promise<ExitCode> => {
          await requireFile('--keys', options.keys, io.cwd);
          const bakery = await openBakery(globals(), io);
          return bootImages(words, options, { bakery, io, offline: globals().offline === true });
        }),
      );
}

function readForwards(text: string): Forward[] {
  const forwards = text.split(',').map((pair) => {
    const [, host, guest] = /^(\d{1,5}):(\d{1,5})$/.exec(pair) ?? [];
    const forward = { host: Number(host), guest: Number(guest) };
    if (isPort(forward.host) && isPort(forward.guest)) return forward;
    throw new InvalidArgumentError('expected ports like 8080:80,2222:22');
  });
  const hosts = new Set(forwards.map(({ host }) => host));
  if (hosts.size === forwards.length) return forwards;
  throw new InvalidArgumentError('expected each port of 127.0.0.1 once');
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

function readMemory(text: string): number {
  if (/^\d{3,6}$/.test(text) && Number(text) >= 512) return Number(text);
  throw new InvalidArgumentError('expected at least 512');
}
