import type { Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { undoYank, yank, type Yanked, type YankRequest } from '@bakery/core/release.ts';
import { done, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';
import { readReason } from '../read-reason.ts';
import { UsageError } from '../run-cli.ts';

interface Options {
  readonly why?: string;
  readonly undo?: boolean;
}

/** `yank EXT:VERSION --why …`: a published version is taken back. */
export function yankCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('withdraw a published version, or with --undo offer it again')
      .description(
        'Takes EXT:VERSION out of the indexes, streams and "latest". Its release stays, for links and pins, and says why; ' +
          'no run lists or builds it again until --undo.',
      )
      .argument('<version>', 'EXT:VERSION, as list-bakery shows it')
      .option('--why <text>', 'why it is withdrawn, for those who look for it')
      .option('--undo', 'offer it again')
      .action(
        action(async (word: string, options: Options) => {
          if (options.undo !== true && options.why === undefined)
            throw new UsageError('yank: expected --why TEXT, or --undo');
          const why = options.undo === true ? '' : readReason('yank: --why', options.why ?? '');
          const [, name, version] = /^([^:]+):(.+)$/.exec(word) ?? [];
          if (name === undefined || version === undefined)
            throw new UsageError(`yank: expected EXT:VERSION, got "${word}"`);
          const bakery = await openBakery(globals(), io);
          const { recipeBook } = bakery;
          const recipe =
            recipeBook.folder(name) === undefined ? undefined : (await recipeBook.find(name)).recipe;
          const request: YankRequest = { name, version, recipe };
          const context = { ...bakery, names: recipeBook.names, report: bakery.ports.report };
          const result =
            options.undo === true ? await undoYank(request, context) : await yank(request, why, context);
          if (globals().json === true) printJson(io.out, { name, ...result });
          else io.out.write(told(name, result, options.undo === true));
          return done;
        }),
      );
}

function told(name: string, { version, extension, global }: Yanked, isUndone: boolean): string {
  const waits = [extension, global].some((result) => typeof result !== 'string');
  const what = isUndone
    ? 'is offered again'
    : `is withdrawn: no index names it, and bakery yank ${name}:${version} --undo brings it back`;
  return `${name} ${version} ${what}.${waits ? ' The next run writes the rest of the index.' : ''}\n`;
}
