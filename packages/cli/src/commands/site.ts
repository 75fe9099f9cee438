import { resolve } from 'node:path';
import type { Command } from 'commander';
import { openBakery } from '@bakery/core/bakery/open-bakery.ts';
import { done, type CommandContext } from '../command-context.ts';
import { inNewFolder } from '../new-folder.ts';
import { printJson } from '../print.ts';

interface Options {
  readonly out: string;
}

/** `site`: pages for people of what a bakery has published. */
export function siteCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('write a web site of what is published')
      .description(
        'Writes static pages of what the store has published: how a host installs each extension, its versions with ' +
          'their hashes, keys, status and feeds. They work from a folder, below any address and without JavaScript.',
      )
      .requiredOption('--out <dir>', 'folder for the pages; new or empty')
      .action(
        action(async ({ out }: Options) => {
          const { store, recipeBook: recipes } = await openBakery(globals(), io);
          // Only this command needs it.
          const { writeSite } = await import('@bakery/site/write-site.ts');
          const folder = resolve(io.cwd, out);
          const extensions = await inNewFolder(folder, out, () =>
            writeSite(folder, { store, recipes, now: Date.now() }),
          );
          if (globals().json === true) printJson(io.out, { folder, extensions });
          else io.out.write(`${out}: ${extensions} ${extensions === 1 ? 'extension' : 'extensions'}\n`);
          return done;
        }),
      );
}
