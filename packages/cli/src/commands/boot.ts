import { InvalidArgumentError, Option, type Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { boot, debianGuest, type Forward, machines, type Suite, suites } from '@bakery/core/guest.ts';
import { scratchFolder } from '@bakery/core/lifetime.ts';
import { toolsFor } from '@bakery/core/tools.ts';
import type { CommandContext } from '../command-context.ts';
import { imagesOf } from '../images-of.ts';
import type { ExitCode } from '../run-cli.ts';

interface Options {
  readonly os: string;
  readonly command?: string;
  readonly ports: readonly Forward[];
  readonly memory: number;
}

const arch = 'x86-64';

/** `boot IMAGE… | EXT[:VERSION]…`: a virtual machine with extensions merged. */
export function bootCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('try extensions in a virtual machine')
      .description(
        'Boots Debian in QEMU with the extensions merged early, as on a real host: their units start, their users are\n' +
          'made. You get a shell as a user for whom sudo asks no password; leaving it ends the machine. Nothing is kept of\n' +
          'it. Debian comes from its own mirrors, once; EXT is built first, its newest version without VERSION.',
      )
      .argument('<image...>', 'image files, or EXT[:VERSION]')
      .addOption(
        new Option('--os <os>', 'what to boot')
          .choices(suites.map((suite) => `debian:${suite}`))
          .default('debian:trixie'),
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
        action(async (words: readonly string[], options: Options): Promise<ExitCode> => {
          const bakery = await openBakery(globals(), io);
          const machine = machines[arch];
          await bakery.requireTools([machine.qemu, ...toolsFor('guests')]);
          await using scratch = await scratchFolder(io.tmpdir);
          const extensions = await imagesOf(words, arch, { bakery, io, folder: scratch.path });
          const { ports, cacheFolder, path } = bakery;
          const offline = globals().offline === true;
          const guest = await debianGuest(suiteOf(options.os), arch, machine, {
            ...ports,
            cacheFolder,
            offline,
          });
          const { command: line, memory, ports: forwards } = options;
          const decoder = new TextDecoder();
          return await boot(
            {
              guest,
              machine,
              extensions,
              memory,
              forwards,
              ...(line === undefined ? {} : { command: line }),
              onOutput: (piece) => io.out.write(decoder.decode(piece, { stream: true })),
            },
            { ...ports, path, isRoot: io.isRoot, scratch: io.tmpdir },
          );
        }),
      );
}

function suiteOf(os: string): Suite {
  const found = suites.find((suite) => os === `debian:${suite}`);
  if (found === undefined) throw new UserError('input.invalid', `--os: expected debian:SUITE, got "${os}"`);
  return found;
}

function readForwards(text: string): Forward[] {
  return text.split(',').map((pair) => {
    const [, host, guest] = /^(\d{1,5}):(\d{1,5})$/.exec(pair) ?? [];
    const forward = { host: Number(host), guest: Number(guest) };
    if (isPort(forward.host) && isPort(forward.guest)) return forward;
    throw new InvalidArgumentError('expected ports like 8080:80,2222:22');
  });
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

function readMemory(text: string): number {
  if (/^\d{3,6}$/.test(text) && Number(text) >= 512) return Number(text);
  throw new InvalidArgumentError('expected at least 512');
}
