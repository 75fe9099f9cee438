import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { requireExtensionName } from '@bakery/core/names.ts';
import { createTree } from '@bakery/core/stage.ts';
import { flatwrap, type Side, type Sides, usualSides } from '@bakery/core/steps.ts';
import { done, type CommandContext } from '../command-context.ts';
import { inNewFolder } from '../new-folder.ts';
import { printJson } from '../print.ts';
import { rootFolder } from '../root-folder.ts';
import { UsageError } from '../run-cli.ts';

interface Options {
  readonly etc?: Side;
  readonly var?: Side;
  readonly home?: Side;
  readonly chroot?: readonly string[];
  readonly host?: readonly string[];
}

/** `flatwrap ROOT NAME PATH…`: a whole foreign root with wrappers for some of its programs. */
export function flatwrapCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) => {
    command
      .summary('ship a foreign root with wrappers for its programs')
      .description(
        'Puts the system in the folder ROOT into ./NAME, below usr/lib/flatwrap/NAME, and for each PATH that is\n' +
          'a program a wrapper that runs it in there. Units and folders among PATH are copied to where a host\n' +
          'looks for them. A PATH outside /usr is given with its target: /bin/nano:/usr/bin/nano.\n\n' +
          'Root runs programs with unshare, others with bwrap, or with unshare when there is no bwrap or NOBWRAP\n' +
          'is set. To try them before anything is merged: FLATWRAP_ROOT=$PWD/NAME NAME/usr/bin/PROGRAM.',
      )
      .argument('<root>', 'folder with another system')
      .argument('<name>', 'name of the extension, and of the folder to make')
      .argument('<path...>', 'program, unit or folder of ROOT, or FROM:TO');
    for (const [name, variable] of mapped) {
      const help = `whose /${name} programs see (default: $${variable}, else ${usualSides[name]})`;
      command.addOption(new Option(`--${name} <side>`, help).choices(['chroot', 'host']));
    }
    return command
      .option(
        '--chroot <folder...>',
        `folders of ROOT they see (default: $CHROOT, else ${usualSides.chroot.join(' ')})`,
      )
      .option(
        '--host <folder...>',
        `folders of the host they see (default: $HOST, else ${usualSides.host.join(' ')})`,
      )
      .action(
        action(async (root: string, name: string, entries: readonly string[], options: Options) => {
          requireExtensionName(name);
          const sides = sidesOf(options, io.env);
          const output = resolve(io.cwd, name);
          const request = { root: await rootFolder(root, io.cwd), name, entries, sides };
          await inNewFolder(output, name, async () => flatwrap(request, createTree(output)));
          if (globals().json === true) printJson(io.out, { path: output });
          else io.out.write(`${output}\n`);
          return done;
        }),
      );
  };
}

/** Choices and the variables they have in flatcar/sysext-bakery. */
const mapped = [
  ['etc', 'ETCMAP'],
  ['var', 'VARMAP'],
  ['home', 'HOMEMAP'],
] as const;

function sidesOf(options: Options, env: Readonly<Record<string, string | undefined>>): Sides {
  const [etc, variable, home] = mapped.map(
    ([name, from]) => options[name] ?? readSide(env[from], from) ?? usualSides[name],
  );
  return {
    etc: etc ?? usualSides.etc,
    var: variable ?? usualSides.var,
    home: home ?? usualSides.home,
    chroot: options.chroot ?? words(env['CHROOT']) ?? usualSides.chroot,
    host: options.host ?? words(env['HOST']) ?? usualSides.host,
  };
}

function readSide(text: string | undefined, variable: string): Side | undefined {
  if (text === undefined || text === 'chroot' || text === 'host') return text;
  throw new UsageError(`${variable}: expected chroot or host, got "${text}"`);
}

function words(text: string | undefined): string[] | undefined {
  return text?.split(/\s+/).filter((word) => word !== '');
}
