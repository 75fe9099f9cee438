import { resolve } from 'node:path';
import type { Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { scratchFolder } from '@bakery/core/lifetime.ts';
import { requireExtensionName } from '@bakery/core/names.ts';
import { createTree } from '@bakery/core/stage.ts';
import { flix } from '@bakery/core/steps.ts';
import { toolsFor } from '@bakery/core/tools.ts';
import { done, type CommandContext } from '../command-context.ts';
import { inNewFolder } from '../new-folder.ts';
import { printJson } from '../print.ts';
import { rootFolder } from '../root-folder.ts';

interface Options {
  readonly extraLibs?: readonly string[];
}

/** `flix ROOT NAME PATH…`: programs of a foreign root with all their libraries. */
export function flixCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('relocate programs of a foreign root with their libraries')
      .description(
        'Takes programs and folders out of the system in the folder ROOT and puts them into ./NAME, with the\n' +
          'dynamic linker and all libraries they need in usr/lib/flix/NAME. They use nothing of a host.\n\n' +
          'A PATH outside /usr is given with its target: /bin/nano:/usr/bin/nano. Programs inside a folder are\n' +
          'relocated as well. Pack the result with a recipe, or with mksquashfs -all-root.',
      )
      .argument('<root>', 'folder with another system')
      .argument('<name>', 'name of the extension, and of the folder to make')
      .argument('<path...>', 'program or folder of ROOT, or FROM:TO')
      .option(
        '--extra-libs <lib...>',
        'libraries that are loaded by name at run time (default: the words of $EXTRALIBS)',
      )
      .action(
        action(async (root: string, name: string, entries: readonly string[], options: Options) => {
          requireExtensionName(name);
          const from = await rootFolder(root, io.cwd);
          const bakery = await openBakery(globals(), io);
          await bakery.requireTools(toolsFor('relocation'));
          const output = resolve(io.cwd, name);
          await using scratch = await scratchFolder(bakery.create.scratch);
          const extraLibs = options.extraLibs ?? words(io.env['EXTRALIBS']);
          const request = { root: from, name, entries, extraLibs };
          const { exec, report } = bakery.ports;
          const context = { exec, scratch: scratch.path, warn: (line: string): void => report.warn(line) };
          await inNewFolder(output, name, () => flix(request, createTree(output), context));
          if (globals().json === true) printJson(io.out, { path: output });
          else io.out.write(`${output}\n`);
          return done;
        }),
      );
}

function words(text = ''): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
