import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { UserError } from '@bakery/core/diagnostics.ts';
import { isTaken } from '@bakery/core/lifetime.ts';
import { newRecipe, type StarterKind, starterKinds } from '@bakery/core/recipe.ts';
import { done, type CommandContext } from '../command-context.ts';

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
          await mkdir(parent, { recursive: true });
          const staging = await mkdtemp(join(parent, '.new-'));
          try {
            for (const file of files) {
              await mkdir(dirname(join(staging, file.path)), { recursive: true });
              await writeFile(join(staging, file.path), file.content, { mode: file.mode });
            }
            await rename(staging, folder);
          } catch (error) {
            await rm(staging, { recursive: true, force: true });
            if (isTaken(error))
              throw new UserError(
                'folder.taken',
                `${relative(io.cwd, folder)}: is there already; nothing was changed`,
              );
            throw error;
          }
          const shown = relative(io.cwd, folder);
          io.out.write(files.map(({ path }) => `${join(shown, path)}\n`).join(''));
          io.err.write(`Next: fill in ${join(shown, 'recipe.yaml')}, then bakery lint ${name}\n`);
          return done;
        }),
      );
}
