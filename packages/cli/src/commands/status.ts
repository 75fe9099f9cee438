import type { Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import {
  badgeOf,
  checkReleases,
  type ExtensionStatus,
  extensionStatuses,
  indexDays,
  readStatus,
  warnOfDays,
} from '@bakery/core/release.ts';
import { readAsked } from '../asked.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';
import { showTable } from '../table.ts';
import { showFailure } from './check.ts';

interface Options {
  readonly badge?: boolean;
}

/** `status [EXT…]`: how every extension stands. */
export function statusCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('show what is published, missing or failing, and since when')
      .description(
        'Shows for each extension of the release list (or EXT) the newest published version, those that are wanted and ' +
          'missing, by how many versions it is behind and since when runs leave some to the next one, since when it ' +
          'fails in them, and which indexes hosts soon refuse, as no run renewed them.',
      )
      .argument('[ext...]', 'extensions')
      .option('--badge', 'instead, print the JSON of an endpoint badge of shields.io')
      .action(
        action(async (words: readonly string[], options: Options) => {
          const bakery = await openBakery(globals(), io);
          const asked = readAsked(words, await bakery.releaseList());
          const [checked, status] = await Promise.all([
            checkReleases(asked, bakery),
            readStatus(bakery.store),
          ]);
          const extensions = extensionStatuses(checked, status, bakery.recipeBook.names);
          if (options.badge === true) {
            printJson(io.out, badgeOf(extensions));
            return done;
          }
          const failures = checked.failures.map(showFailure);
          const days = await indexDays(bakery.store, bakery.recipeBook.names);
          const late = warnOfDays(days, Date.now());
          const [first] = days;
          if (globals().json === true)
            printJson(io.out, {
              extensions,
              failures,
              ...(first === undefined ? {} : { bestBefore: first.day }),
            });
          else {
            io.out.write(
              showTable([
                ['EXTENSION', 'PUBLISHED', 'MISSING', 'BEHIND BY', 'FAILS SINCE'],
                ...extensions.map(row),
              ]),
            );
            for (const { name, waiting = [] } of extensions)
              for (const { version, why } of waiting) io.out.write(`waits: ${name} ${version}: ${why}\n`);
            for (const { name, error } of checked.failures)
              io.out.write(`cannot be checked: ${name}: ${error.message}\n`);
            if (late !== undefined) io.out.write(`not renewed: ${late}\n`);
          }
          return failures.length === 0 ? done : failed;
        }),
      );
}

function row({ name, published, missing, behind, failing }: ExtensionStatus): string[] {
  const [first = ''] = failing?.why.split('\n') ?? [];
  const since = failing === undefined ? '' : `${failing.since.slice(0, 10)}: ${first}`;
  return [name, published ?? 'nothing', missing.join(', '), lateness(behind), since];
}

function lateness(behind: ExtensionStatus['behind']): string {
  if (behind === undefined) return '';
  const { versions, since } = behind;
  const count = versions === 1 ? '1 version' : `${versions} versions`;
  return since === undefined ? count : `${count}, since ${since.slice(0, 10)}`;
}
