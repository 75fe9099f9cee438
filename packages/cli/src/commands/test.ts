import { access, constants, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { type Bakery, openBakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { inFile, makeFolder, scratchFolder, whatStandsAt } from '@bakery/core/lifetime.ts';
import { Arch } from '@bakery/core/names.ts';
import {
  allChecks,
  countsOf,
  debianHost,
  debianSuites,
  type Host,
  type HostContext,
  junitOf,
  showTrial,
  thisHost,
  tryImages,
  tryInGuest,
} from '@bakery/core/trial.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import { requireImages } from '../images-of.ts';
import { imagesToTry } from '../images-to-try.ts';
import { printJson } from '../print.ts';
import { virtualHost } from '../virtual-host.ts';

interface Options {
  readonly host: string;
  readonly arch?: Arch;
  readonly junit?: string;
}

/** `test IMAGE… | EXT[:VERSION]…`: what images promise, held against a host. */
export function testCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('test images on a host')
      .description(
        'Merges images into a host, all together, and holds each to what it and its recipe promise: nothing of the host\n' +
          'is covered, programs find their libraries, units load, users are made, smoke lines run, the host is as it was\n' +
          'afterwards. With --host here that is the /usr of this machine, in mounts that nobody else sees; programs of\n' +
          'images run as nobody, without network, home or secrets. --host debian:SUITE is a bare Debian from its own mirrors, made\n' +
          'once; it needs root. --host vm boots one, where services run. EXT is built first, its newest version without VERSION.',
      )
      .argument('<image...>', 'image files, or EXT[:VERSION]')
      .addOption(
        new Option('--host <host>', 'where they are merged')
          .choices(['here', 'vm', ...debianSuites.map((suite) => `debian:${suite}`)])
          .default('here'),
      )
      .addOption(
        new Option('--arch <arch>', 'what EXT is built for (default: that of the host)').choices(
          Arch.options,
        ),
      )
      .option('--junit <file>', 'write the result as JUnit XML too')
      .action(
        action(async (words: readonly string[], options: Options) => {
          const { arch } = options;
          const junit = options.junit === undefined ? undefined : resolve(io.cwd, options.junit);
          if (junit !== undefined) await requireRoomFor(junit);
          const bakery = await openBakery(globals(), io);
          await requireImages(words, bakery, io);
          const { exec } = bakery.ports;
          const context = { exec, path: bakery.path, isRoot: io.isRoot, temporary: io.tmpdir };
          const isOffline = globals().offline ?? false;
          const vm = options.host === 'vm' ? await virtualHost(bakery, context, isOffline) : undefined;
          const host = vm ?? (await hostFor(options.host, bakery, context, isOffline));
          await using scratch = await scratchFolder(io.tmpdir);
          const images = await imagesToTry(words, arch ?? host.arch, { bakery, io, folder: scratch.path });
          const trial =
            'boot' in host ? await tryInGuest(images, host, context) : await tryImages(images, host, context);
          if (globals().json === true) printJson(io.out, trial);
          else io.out.write(showTrial(trial));
          if (junit !== undefined) {
            await makeFolder(dirname(junit));
            await inFile(junit, writeFile(junit, junitOf(trial)));
          }
          return countsOf(allChecks(trial)).failed === 0 ? done : failed;
        }),
      );
}

/** Whoever waited for a test must not lose its result to a wrong path. Nothing is made before there is a result. */
async function requireRoomFor(junit: string): Promise<void> {
  const found = await whatStandsAt(junit);
  if (found !== 'none' && found !== 'a file')
    throw new UserError('input.invalid', `--junit: expected the name of a file, found ${found} at ${junit}`);
  let folder = dirname(junit);
  let above = await whatStandsAt(folder);
  while (above === 'none') {
    folder = dirname(folder);
    above = await whatStandsAt(folder);
  }
  if (above !== 'a folder')
    throw new UserError(
      'input.invalid',
      `--junit: expected a folder for ${junit}, found ${above} at ${folder}`,
    );
  await inFile(folder, access(folder, constants.W_OK | constants.X_OK));
}

async function hostFor(word: string, bakery: Bakery, context: HostContext, offline: boolean): Promise<Host> {
  const suite = debianSuites.find((one) => word === `debian:${one}`);
  if (suite === undefined) return thisHost(context);
  const { cacheFolder, ports } = bakery;
  await bakery.requireTools(['mmdebstrap', 'setpriv']);
  return debianHost(suite, { ...context, report: ports.report, cacheFolder, offline });
}
