import { once } from 'node:events';
import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { parseCatalogue } from '@bakery/core/catalogue.ts';
import { UserError, visibleJson } from '@bakery/core/diagnostics.ts';
import { whatStandsAt } from '@bakery/core/lifetime.ts';
import { catalogueName, globalTag } from '@bakery/core/names.ts';
import type { Report } from '@bakery/core/ports.ts';
import type { RecipeBook } from '@bakery/core/recipe.ts';
import { serveFolder } from '@bakery/core/serve.ts';
import type { Store } from '@bakery/core/store.ts';
import { redirectConfig } from '@bakery/redirect/config.ts';
import { serveRedirects } from '@bakery/redirect/redirect-server.ts';
import { done, type CommandContext } from '../command-context.ts';
import type { Globals } from '../globals.ts';
import type { Io } from '../io.ts';

interface Options {
  readonly port: number;
  readonly address: string;
  readonly repo?: string;
  readonly server?: string;
}

/** `serve`: a directory store over HTTP, or redirects to releases on GitHub, until stopped. */
export function serveCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('serve a directory store over HTTP, or redirect to GitHub')
      .description(
        'Serves the folder of a directory store, as any static file server could, and at / the pages of bakery site. With --repo it redirects ' +
          'what hosts ask for below /extensions/ to the releases of that repository, and writes one line of JSON ' +
          'for each request.',
      )
      .option('--port <n>', 'port to listen on', parsePort, 8080)
      .option('--address <address>', 'address to listen on', '127.0.0.1')
      .option('--repo <owner/repo>', 'redirect to the releases of this repository')
      .option('--server <url>', 'where it is (default: $GITHUB_SERVER_URL, or https://github.com)')
      .action(
        action(async (options: Options) => {
          await using server = await (options.repo === undefined
            ? serveStore(options, globals(), io)
            : serveRepository({ ...options, repo: options.repo }, io));
          io.out.write(`${server.what} is at ${server.url} (Ctrl+C stops it)\n`);
          await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
          return done;
        }),
      );
}

/** `what` is served at `url`. */
interface Served extends AsyncDisposable {
  readonly what: string;
  readonly url: string;
}

async function serveStore({ port, address }: Options, globals: Globals, io: Io): Promise<Served> {
  const { store, recipeBook: recipes } = await openBakery(globals, io);
  const [, repo] = /^github:(.+)$/.exec(store.name) ?? [];
  if (repo !== undefined) {
    throw new UserError('input.invalid', `${store.name}: expected a dir:PATH to serve`, {
      hint: `bakery serve --repo ${repo} redirects to its releases`,
    });
  }
  const folder = resolve(io.cwd, store.name.replace(/^dir:/, ''));
  const found = await whatStandsAt(folder);
  if (found !== 'a folder') {
    throw new UserError('store.missing', `${store.name}: expected a folder, found ${found}`, {
      hint: 'bakery release fills one',
    });
  }
  const server = await serveFolder(folder, {
    port,
    address,
    pages: pagesOf(store, recipes, io.report),
    onAnswer: (answer) =>
      io.err.write(globals.json === true ? `${visibleJson(answer)}\n` : `${answer.status} ${answer.path}\n`),
  });
  return { ...server, what: store.name };
}

type Pages = ReadonlyMap<string, string | Uint8Array>;

/**
 * The site of a store as it is at each request, regenerated when the catalogue changes. Without a catalogue, or with
 * one that cannot be read, there is none, and hosts find what they look for all the same.
 */
function pagesOf(store: Store, recipes: RecipeBook, report: Pick<Report, 'warn'>): () => Promise<Pages> {
  let made: { readonly from: string; readonly files: Promise<Pages> } | undefined;
  let warned = '';
  return async () => {
    const text = await store.read(globalTag, catalogueName).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      if (warned !== error.message) report.warn(`no pages for people: ${error.message}`);
      warned = error.message;
      return undefined;
    });
    if (text === undefined) return new Map();
    if (made?.from !== text) made = { from: text, files: sitePages(text, store.name, { recipes, report }) };
    return made.files;
  };
}

async function sitePages(
  text: string,
  store: string,
  { recipes, report }: { readonly recipes: RecipeBook; readonly report: Pick<Report, 'warn'> },
): Promise<Pages> {
  // Only who serves pages needs what makes them.
  const { siteFiles } = await import('@bakery/site/write-site.ts');
  try {
    const catalogue = parseCatalogue(text, `${store}: ${catalogueName}`);
    return await siteFiles({ catalogue, recipes, now: Date.now() });
  } catch (error) {
    // Whatever it is, even a bug: hosts need their files, and a true 404 for those that are not there.
    const known = error instanceof UserError ? error.message : undefined;
    report.warn(`no pages for people: ${known ?? (error instanceof Error ? error.stack : String(error))}`);
    return new Map();
  }
}

async function serveRepository(
  { port, address, repo, server: wanted }: Options & { readonly repo: string },
  io: Io,
): Promise<Served> {
  const config = redirectConfig({ repo, server: wanted ?? io.env['GITHUB_SERVER_URL'] });
  const server = await serveRedirects(config, {
    port,
    address,
    onAnswer: (answer) =>
      io.err.write(`${visibleJson({ time: new Date().toISOString(), level: 'info', ...answer })}\n`),
  });
  return {
    ...server,
    url: `${server.url}${config.prefix.slice(1)}`,
    what: `redirects to ${config.server}/${repo}`,
  };
}

function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('expected a port number');
  return Number(text);
}
