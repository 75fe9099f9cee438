import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { serveFolder } from '@bakery/core/serve/serve-folder.ts';
import { UserError } from '@bakery/core/user-error.ts';
import { InvalidArgumentError, type Command } from 'commander';
import { openBakery } from '@bakery/core/bakery/open-bakery.ts';
import { done, type Verb } from '../verb.ts';

interface Options {
  readonly port: number;
  readonly address: string;
}

/** `serve`: a directory store over HTTP, until told to stop. */
export function serveVerb({ io, globals, action }: Verb): (command: Command) => Command {
  return (command) =>
    command
      .summary('hand a directory store to hosts over HTTP')
      .description('Serves the folder of a directory store. Any static file server does the same.')
      .option('--port <n>', 'port to listen on', port, 8080)
      .option('--address <address>', 'address to listen on', '127.0.0.1')
      .action(
        action(async (options: Options) => {
          const { store } = await openBakery(globals(), io);
          const folder = resolve(io.cwd, store.name.replace(/^dir:/, ''));
          if ((await stat(folder).catch(() => undefined))?.isDirectory() !== true) {
            throw new UserError(`${store.name}: expected a folder, found none`, {
              hint: 'bakery release fills one',
            });
          }
          await using server = await serveFolder(folder, {
            ...options,
            onAnswer: (answer) =>
              io.err.write(
                globals().json === true ? `${JSON.stringify(answer)}\n` : `${answer.status} ${answer.path}\n`,
              ),
          });
          io.out.write(`${store.name} is at ${server.url} (Ctrl+C ends it)\n`);
          await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
          return done;
        }),
      );
}

function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('expected a port number');
  return Number(text);
}
