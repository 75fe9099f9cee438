import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Bakery, openBakery } from '@bakery/core/bakery.ts';
import { type Diagnostic, isError, showPlace, UserError } from '@bakery/core/diagnostics.ts';
import { lintRecipe, type LoadedRecipe, loadRecipe } from '@bakery/core/recipe.ts';
import { showUnlike, unlikeOthers } from '@bakery/core/versions.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';

interface Options {
  readonly upstream?: boolean;
}

interface Linted {
  readonly recipe: string;
  /** Why it could not be loaded: one line for each finding. */
  readonly broken?: string;
  readonly findings: readonly Diagnostic[];
}

/** `lint [EXT|PATH…]`: recipes against the format and the rules of good ones. */
export function lintCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('check recipes')
      .description(
        'Checks recipes (all, or by name or path) without building them, and with all of them whether a schedule renews what ' +
          'bakery.yaml wants renewed. Errors fail, warnings do not.',
      )
      .argument('[recipe...]', 'names, or paths of recipe folders')
      .option('--upstream', 'also ask upstream whether its newest version is written like the others')
      .action(
        action(async (recipes: readonly string[], options: Options) => {
          const bakery = await openBakery(globals(), io);
          const names = recipes.length > 0 ? recipes : bakery.recipeBook.names;
          const recipesLinted = await Promise.all(names.map((name) => lint(name, options, bakery, io.cwd)));
          const problem = recipes.length > 0 ? undefined : await bakery.renewalProblem();
          const settings = problem && { recipe: problem.place.file, findings: [problem] };
          const linted = [...recipesLinted, ...(settings === undefined ? [] : [settings])];
          if (globals().json === true) printJson(io.out, linted);
          else io.out.write(linted.map(show).join(''));
          return linted.some(isBad) ? failed : done;
        }),
      );
}

async function lint(
  name: string,
  { upstream: asks = false }: Options,
  { recipeBook, upstream }: Bakery,
  cwd: string,
): Promise<Linted> {
  try {
    const loaded = await load(name, recipeBook, cwd);
    const unlike = asks ? await newestUnlike(loaded, upstream) : [];
    return { recipe: name, findings: [...(await lintRecipe(loaded)), ...unlike] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { recipe: name, broken: error.message, findings: error.diagnostics };
  }
}

async function newestUnlike(
  { recipe, locate }: LoadedRecipe,
  upstream: Bakery['upstream'],
): Promise<readonly Diagnostic[]> {
  const { candidates } = await upstream.found(recipe.name);
  const unlike = unlikeOthers(candidates.map(({ text }) => text));
  if (unlike === undefined) return [];
  const place = locate(['versions']);
  return [
    { code: 'lint.unlike-others', severity: 'warning', place, message: `versions: ${showUnlike(unlike)}` },
  ];
}

async function load(name: string, recipeBook: Bakery['recipeBook'], cwd: string): Promise<LoadedRecipe> {
  if (recipeBook.folder(name) !== undefined) return recipeBook.find(name);
  const path = resolve(cwd, name);
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  return isFolder ? loadRecipe(path, cwd) : recipeBook.find(name);
}

function isBad({ broken, findings }: Linted): boolean {
  return broken !== undefined || findings.some(isError);
}

function show({ recipe, broken, findings }: Linted): string {
  if (broken !== undefined) return `${broken}\n`;
  if (findings.length === 0) return `${recipe}: good\n`;
  return findings
    .map(({ place, severity, code, message }) => `${showPlace(place)} ${severity}: ${message} [${code}]\n`)
    .join('');
}
