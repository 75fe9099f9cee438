import type { Command } from 'commander';
import { UsageError } from './run-cli.ts';

/** What options name by a place; elsewhere an empty value may be meant. */
const places = /<(dir|file|folder|store|url|public-key)>/;

/** An empty word is a variable that a script never set: nothing has no name, and no path leads nowhere. */
export function refuseEmpty(command: Command, program: Command): void {
  const index = command.args.indexOf('');
  if (index >= 0) {
    const argument = command.registeredArguments[index] ?? command.registeredArguments.at(-1);
    throw new UsageError(`${command.name()}: expected ${(argument?.name() ?? 'text').toUpperCase()}, got ""`);
  }
  for (const owner of [command, program]) {
    for (const option of owner.options) {
      const value: unknown = owner.getOptionValue(option.attributeName());
      const isEmpty = value === '' || (Array.isArray(value) && value.includes(''));
      if (isEmpty && places.test(option.flags))
        throw new UsageError(`${option.long ?? option.flags}: expected a value, got ""`);
    }
  }
}
