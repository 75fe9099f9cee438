import type { Command } from 'commander';
import { searchIn } from '@bakery/core/catalogue.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import { catalogueOption, openCatalogue, type Place } from '../open-catalogue.ts';
import { printJson } from '../print.ts';
import { briefly, showExtensions } from '../published-tables.ts';

/** `search WORD`: which published extensions are about something. */
export function searchCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('search published extensions')
      .description(
        'Shows the published extensions with WORD in name, summary, licence, architectures or units. Ends with 1 when ' +
          'there is none.',
      )
      .argument('<word>', 'what to look for; case does not matter')
      .option(...catalogueOption)
      .action(
        action(async (word: string, place: Place) => {
          const found = searchIn(await openCatalogue(place, globals(), io), word);
          if (globals().json === true) printJson(io.out, found.map(briefly));
          else if (found.length > 0) io.out.write(showExtensions(found));
          else io.err.write(`nothing published has "${word}" in it\n`);
          return found.length > 0 ? done : failed;
        }),
      );
}
