import { resolve } from 'node:path';
import type { Command } from 'commander';
import { openRecipeBook } from '@bakery/core/bakery.ts';
import { done, type CommandContext } from '../command-context.ts';
import { inNewFolder } from '../new-folder.ts';
import { catalogueOption, openPublished, type Place } from '../open-catalogue.ts';
import { printJson } from '../print.ts';

interface Options extends Place {
  readonly out: string;
}

/** `site`: pages for people of what a bakery has published. */
export function siteCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('write a website of what is published')
      .description(
        'Writes static pages of what a bakery has published: how a host installs each extension, its versions with ' +
          'their hashes, keys, status and feeds; from its catalogue: that of --catalogue URL, of --hub or of the ' +
          'store. The pages work from a folder, below any address and without JavaScript.',
      )
      .option(...catalogueOption)
      .requiredOption('--out <dir>', 'folder for the pages; new or empty')
      .action(
        action(async ({ out, ...place }: Options) => {
          const published = await openPublished(place, globals(), io);
          const recipes = await openRecipeBook(globals(), io);
          // Only this command needs it.
          const { writeSite } = await import('@bakery/site/write-site.ts');
          const folder = resolve(io.cwd, out);
          await inNewFolder(folder, out, () => writeSite(folder, { ...published, recipes, now: Date.now() }));
          const extensions = published.catalogue.extensions.length;
          if (globals().json === true) printJson(io.out, { folder, extensions });
          else io.out.write(`${out}: ${extensions} ${extensions === 1 ? 'extension' : 'extensions'}\n`);
          return done;
        }),
      );
}
