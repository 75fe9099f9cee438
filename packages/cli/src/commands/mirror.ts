import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { cacheIn } from '@bakery/core/fetch.ts';
import { githubConfig } from '@bakery/core/github.ts';
import { whatStandsAt } from '@bakery/core/lifetime.ts';
import { downloadsFolder, mirrorBakery, type Mirrored, openSource } from '@bakery/core/mirror.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import type { Globals } from '../globals.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print.ts';
import { UsageError } from '../run-cli.ts';
import { showTable } from '../table.ts';
import { showFailure } from './check.ts';

interface Options {
  readonly prune?: boolean;
}

/** `mirror SOURCE dir:PATH [EXT…]`: a bakery as a plain folder, for an air gap or a server nearer by. */
export function mirrorCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('copy a bakery into a folder')
      .description(
        'Copies indexes, images, sysupdate files and signatures of a hub, a repository or a folder into a folder ' +
          'that any static file server can serve. Run again, it copies what is new, and goes on where it was cut off. ' +
          'With --hub URL the sysupdate files lead to the copy; otherwise they stay as they are.',
      )
      .argument('<source>', 'https://HUB/extensions/, github:OWNER/REPO or dir:PATH')
      .argument('<target>', 'dir:PATH')
      .argument('[ext...]', 'extensions (default: all)')
      .option('--prune', 'remove versions and extensions the source no longer has')
      .action(
        action(async (source: string, target: string, extensions: readonly string[], options: Options) => {
          const mirrored = await copy({ source, target, extensions, ...options }, globals(), io);
          if (globals().json === true) printJson(io.out, toJson(mirrored));
          else io.out.write(show(mirrored));
          return mirrored.failures.length === 0 ? done : failed;
        }),
      );
}

interface MirrorRequest extends Options {
  readonly source: string;
  readonly target: string;
  readonly extensions: readonly string[];
}

async function copy({ source, target, extensions, prune = false }: MirrorRequest, globals: Globals, io: Io) {
  const [, path] = /^dir:(.+)$/.exec(target) ?? [];
  if (path === undefined) throw new UsageError(`mirror: expected dir:PATH as the target, got "${target}"`);
  const root = resolve(io.cwd, path);
  if (source.startsWith('dir:') && resolve(io.cwd, source.replace(/^dir:/, '')) === root) {
    throw new UserError('input.invalid', `mirror: expected two folders, got ${target} twice`);
  }
  const [, theirs] = /^dir:(.+)$/.exec(source) ?? [];
  const found = theirs === undefined ? 'a folder' : await whatStandsAt(resolve(io.cwd, theirs));
  if (found !== 'a folder')
    throw new UserError('store.missing', `${source}: expected the folder of a bakery, found ${found}`);
  const { ports, store, recipeBook } = await openBakery({ ...globals, store: target }, io);
  const from = openSource(source, {
    ...ports,
    cwd: io.cwd,
    githubServer: githubConfig(io.env).serverUrl,
    cache: cacheIn(downloadsFolder(root), { verify: true, now: Date.now }),
    sleep: async (ms, signal) => pause(ms, undefined, signal === undefined ? {} : { signal }),
    random: Math.random,
    offline: globals.offline ?? false,
  });
  return mirrorBakery(
    { extensions, prune, hub: globals.hub, known: recipeBook.names },
    {
      source: from,
      store,
      root,
      report: ports.report,
      exec: ports.exec,
      tmpdir: io.tmpdir,
      sleep: (ms) => pause(ms),
    },
  );
}

function show({ extensions, pruned, failures }: Mirrored): string {
  const rows = extensions.map(({ name, copied, there, index }) => [
    name,
    `${copied.length} copied`,
    `${there.length} there`,
    `index ${index}`,
  ]);
  const complaints = failures.map(
    ({ name, version = '', error }) => `failed: ${`${name} ${version}`.trim()}: ${error.message}\n`,
  );
  return [showTable(rows), ...pruned.map((tag) => `removed: ${tag}\n`), ...complaints].join('');
}

function toJson({ extensions, pruned, failures }: Mirrored) {
  return {
    extensions: extensions.map(({ name, copied, there, index }) => ({ name, copied, there, index })),
    pruned,
    failures: failures.map(showFailure),
  };
}
