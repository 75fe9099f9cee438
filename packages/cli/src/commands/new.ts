import { join, relative, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { newRecipe, type StarterKind, starterKinds } from '@bakery/core/recipe.ts';
import { done, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';
import { writeNewFolder } from '../write-new-folder.ts';

interface Options {
  readonly kind: StarterKind;
}

/** `new NAME`: a commented recipe to start from. */
export function newCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('start a recipe')
      .description('Writes a commented recipe into recipes/NAME (or below the last --recipes folder).')
      .argument('<name>', 'name of the extension')
      .addOption(
        new Option('--kind <kind>', 'what upstream publishes').choices(starterKinds).default('archive'),
      )
      .action(
        action(async (name: string, { kind }: Options) => {
          const parent = resolve(io.cwd, globals().recipes?.at(-1) ?? 'recipes');
          const files = newRecipe(name, kind);
          const folder = join(parent, name);
          const shown = relative(io.cwd, folder);
          await writeNewFolder(folder, { files }, { shown });
          const written = files.map(({ path }) => join(shown, path));
          if (globals().json === true) printJson(io.out, written);
          else io.out.write(written.map((path) => `${path}\n`).join(''));
          io.err.write(`Next: fill in ${join(shown, 'recipe.yaml')}, then bakery lint ${name}\n`);
          return done;
        }),
      );
}
