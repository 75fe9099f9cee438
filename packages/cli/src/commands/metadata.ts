import type { Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import {
  publishedExtensions,
  requireKnown,
  showRetired,
  showRunsLeft,
  type UpdatedMetadata,
  updateMetadata,
  whatWaits,
} from '@bakery/core/release.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';
import { UsageError } from '../run-cli.ts';
import { showFailure } from './check.ts';

interface Options {
  readonly all?: boolean;
}

/** `metadata [EXT…|--all]`: what hosts read, regenerated from what is published. */
export function metadataCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('regenerate indexes and sysupdate files from published releases')
      .description(
        'Regenerates the metadata of EXT… or of everything, and the global index. Writes only what differs.',
      )
      .argument('[ext...]', 'extensions')
      .option('--all', 'every extension with something published')
      .action(
        action(async (extensions: readonly string[], { all }: Options) => {
          if ((all === true) === extensions.length > 0)
            throw new UsageError('metadata: expected either EXT… or --all');
          const bakery = await openBakery(globals(), io);
          await requireKnown(extensions, bakery);
          const names =
            all === true
              ? await publishedExtensions({ ...bakery, names: bakery.recipeBook.names })
              : extensions;
          const updated = await updateMetadata(names, bakery);
          const { failures } = updated;
          if (globals().json === true) printJson(io.out, { ...updated, failures: failures.map(showFailure) });
          else io.out.write(show(updated));
          return failures.length === 0 ? done : failed;
        }),
      );
}

function show({ written, postponed, runsLeft, failures, retired = [] }: UpdatedMetadata): string {
  if (written.length + postponed.length + failures.length + retired.length === 0) {
    return 'Nothing to do: all metadata is as it should be.\n';
  }
  const lines = [
    ...(written.length > 0 ? [`Written: ${written.join(', ')}.`] : []),
    ...postponed.map((one) => `Left to the next run: ${one.name}: ${whatWaits(one)}.`),
    ...(runsLeft === undefined ? [] : [showRunsLeft(runsLeft)]),
    ...retired.map(showRetired),
    ...failures.flatMap(({ name, error }) => [
      `failed: ${name}: ${error.message}`,
      ...(error.hint === undefined ? [] : [`  hint: ${error.hint}`]),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}
