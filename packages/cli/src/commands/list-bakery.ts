import type { Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { requireExtensionName } from '@bakery/core/names.ts';
import { publishedVersions, readWithdrawals } from '@bakery/core/release.ts';
import { done, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';
import { requirePublished } from '../require-published.ts';

interface Options {
  readonly latest?: boolean;
}

/** `list-bakery EXT`: the versions the store has. */
export function listBakeryCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('list published versions of an extension')
      .description('Lists the versions of EXT that the store has, newest first.')
      .argument('<ext>', 'extension')
      .option('--latest', 'only the newest')
      .option('--plain', 'one version per line (always on; for compatibility)')
      .action(
        action(async (extension: string, { latest }: Options) => {
          requireExtensionName(extension);
          const { store, recipeBook } = await openBakery(globals(), io);
          const all = await publishedVersions(extension, { store, names: [...recipeBook.names, extension] });
          if (all.length === 0) await requirePublished(store);
          const withdrawn = await readWithdrawals(extension, store);
          const offered = all.filter((version) => !withdrawn.has(version));
          const versions = latest === true ? offered.slice(0, 1) : offered;
          if (globals().json === true) printJson(io.out, versions);
          else io.out.write(versions.map((version) => `${version}\n`).join(''));
          return done;
        }),
      );
}
