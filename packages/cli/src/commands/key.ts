import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { keyCheckCommand } from './key/check.ts';
import { keyNewCommand } from './key/new.ts';
import { keyRotateCommand } from './key/rotate.ts';
import { keyShowCommand } from './key/show.ts';

/** `key new|show|check|rotate`: the keys a feed is signed with. */
export function keyCommand(context: CommandContext): (command: Command) => Command {
  return (command) => {
    command
      .summary('make, show, check and rotate the keys that sign what hosts read')
      .description(
        'Keys for SHA256SUMS.gpg: a primary key that stays offline and certifies, and two that sign, one of them ' +
          'spare. BAKERY_SIGNING_PASSPHRASE protects the secret ones.',
      );
    keyNewCommand(context)(command.command('new'));
    keyShowCommand(context)(command.command('show'));
    keyCheckCommand(context)(command.command('check'));
    keyRotateCommand(context)(command.command('rotate'));
    return command;
  };
}
