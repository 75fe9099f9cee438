import { isUtf8 } from 'node:buffer';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { showPlace, UserError } from '@bakery/core/diagnostics.ts';
import { readPlain, whatStandsAt } from '@bakery/core/lifetime.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import { findMoved } from '../find-moved.ts';
import { printJson } from '../print.ts';

/** `migrate-check FILE…`: what a host must change that comes from flatcar/sysext-bakery. */
export function migrateCheckCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('find what a host of flatcar/sysext-bakery must change')
      .description(
        'Looks in files of a host (Butane, Ignition, sysupdate files, units, sshd_config …) for what is elsewhere or ' +
          'otherwise in images of this bakery than in those of flatcar/sysext-bakery. Ends with 1 when there is any.',
      )
      .argument('<file...>', 'files of a host')
      .action(
        action(async (files: readonly string[]) => {
          const texts = await Promise.all(files.map((file) => textOf(file, io.cwd)));
          const found = texts.flatMap((text, index) => {
            const file = files[index] ?? '';
            return findMoved(text, file).map((one) => ({ file, ...one }));
          });
          if (globals().json === true) printJson(io.out, found);
          else if (found.length === 0) io.err.write('nothing to change\n');
          else io.out.write(found.map(line).join(''));
          return found.length === 0 ? done : failed;
        }),
      );
}

const maxBytes = 16 * 1024 * 1024; // an Ignition file holds small files; images are fetched

async function textOf(file: string, cwd: string): Promise<string> {
  const path = resolve(cwd, file);
  const found = await whatStandsAt(path);
  const bytes = found === 'a file' ? await readPlain(path, { maxBytes, shown: file }) : undefined;
  if (bytes === undefined)
    throw new UserError('input.invalid', `${file}: expected a file of a host, found ${found}`);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new UserError('input.invalid', `${file}: expected text in UTF-8, got other bytes`);
}

function line(one: {
  file: string;
  line: number;
  column: number;
  extension: string;
  old: string;
  message: string;
}) {
  const of = one.extension === 'any' ? '' : `${one.extension}: `;
  return `${showPlace(one)} ${of}${one.old} ${one.message}\n`;
}
