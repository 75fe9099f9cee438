import type { Command } from 'commander';
import { type Bakery, openBakery } from '@bakery/core/bakery.ts';
import { extensionIn } from '@bakery/core/catalogue.ts';
import { recipeArches, unprovedOf } from '@bakery/core/recipe.ts';
import { showUnlike, unlikeOthers } from '@bakery/core/versions.ts';
import { done, type CommandContext } from '../command-context.ts';
import { catalogueOption, openCatalogue, type Place } from '../open-catalogue.ts';
import { printJson } from '../print.ts';
import { briefly, showExtensions, showVersions, withProof } from '../published-tables.ts';
import type { ExitCode } from '../run-cli.ts';
import { oneLine, showTable } from '../table.ts';

interface Options extends Place {
  readonly published?: boolean;
  readonly latest?: boolean;
  readonly plain?: boolean;
  readonly json?: boolean | undefined;
}

/** `list`: the recipes. `list EXT`: the versions upstream has. */
export function listCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('list recipes, or the versions of one')
      .description(
        'Lists the recipes, or with EXT the versions its upstream has, newest first; with --published what a bakery ' +
          'has published, from its catalogue.',
      )
      .argument('[ext]', 'extension')
      .option('--latest', 'only the versions "latest" stands for')
      .option('--plain', 'only names, without a table')
      .option('--published', 'what is published instead')
      .option(...catalogueOption)
      .action(
        action(async (extension: string | undefined, options: Options) => {
          if (options.published === true) return listPublished(extension, options);
          const bakery = await openBakery(globals(), io);
          const { json } = globals();
          if (extension === undefined) await listRecipes(bakery, { ...options, json }, io);
          else await listVersions(extension, bakery, { ...options, json }, io);
          return done;
        }),
      );

  async function listPublished(name: string | undefined, { plain, ...place }: Options): Promise<ExitCode> {
    const catalogue = await openCatalogue(place, globals(), io);
    const { extensions } = catalogue;
    const versions = name === undefined ? undefined : extensionIn(catalogue, name).versions;
    if (globals().json === true) printJson(io.out, versions ?? extensions.map(briefly));
    else if (plain === true)
      io.out.write(
        (versions?.map(({ version }) => version) ?? extensions.map((one) => one.name))
          .map((line) => `${oneLine(line)}\n`)
          .join(''),
      );
    else io.out.write(versions === undefined ? showExtensions(extensions) : showVersions(versions));
    return done;
  }
}

async function listRecipes(
  { recipeBook }: Bakery,
  { plain, json }: Options,
  io: CommandContext['io'],
): Promise<void> {
  if (plain === true && json !== true) {
    io.out.write(recipeBook.names.map((name) => `${name}\n`).join(''));
    return;
  }
  const recipes = await Promise.all(
    recipeBook.names.map(async (name) => {
      // A broken recipe must not hide the others.
      const loaded = await recipeBook.find(name).catch((error: Error) => error);
      if (loaded instanceof Error) return { name, error: loaded.message };
      const { summary, homepage, license, versions } = loaded.recipe;
      const unproved = unprovedOf(loaded.recipe);
      return {
        name,
        summary,
        homepage,
        license,
        arches: recipeArches(loaded.recipe),
        from: versions.from,
        ...(unproved === undefined ? {} : { unproved }),
      };
    }),
  );
  if (json === true) {
    printJson(io.out, recipes);
    return;
  }
  const rows = recipes.map((recipe) =>
    'error' in recipe
      ? [recipe.name, '', '', `broken: bakery lint ${recipe.name}`]
      : [recipe.name, recipe.arches.join(' '), recipe.from, withProof(recipe.summary, recipe.unproved)],
  );
  io.out.write(showTable([['EXTENSION', 'ARCHES', 'VERSIONS FROM', 'WHAT'], ...rows]));
}

async function listVersions(
  extension: string,
  { upstream, ports }: Bakery,
  { latest, json }: Options,
  io: CommandContext['io'],
): Promise<void> {
  const { candidates, refused } = await upstream.found(extension);
  const wanted = latest === true ? new Set(await upstream.latest(extension)) : undefined;
  const shown = candidates.filter(({ text }) => wanted === undefined || wanted.has(text));
  for (const { text, why } of refused.slice(0, maxRefused)) ports.report.warn(`${text} is left out: ${why}`);
  if (refused.length > maxRefused) ports.report.warn(`… and ${refused.length - maxRefused} more`);
  const unlike = unlikeOthers(candidates.map(({ text }) => text));
  if (unlike !== undefined) ports.report.warn(showUnlike(unlike));
  if (json === true)
    printJson(
      io.out,
      shown.map(({ text, arches }) => ({ version: text, arches: [...arches] })),
    );
  else io.out.write(shown.map(({ text }) => `${text}\n`).join(''));
}

const maxRefused = 5; // Enough to see the pattern.
