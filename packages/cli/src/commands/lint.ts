import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Bakery, openBakery } from '@bakery/core/bakery.ts';
import { type Diagnostic, isError, showPlace, UserError } from '@bakery/core/diagnostics.ts';
import { lintRecipe, type LoadedRecipe, loadRecipe } from '@bakery/core/recipe.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';

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
      .action(
        action(async (recipes: readonly string[]) => {
          const bakery = await openBakery(globals(), io);
          const names = recipes.length > 0 ? recipes : bakery.recipeBook.names;
          const recipesLinted = await Promise.all(names.map((name) => lint(name, bakery, io.cwd)));
          const problem = recipes.length > 0 ? undefined : await bakery.renewalProblem();
          const settings = problem && { recipe: problem.place.file, findings: [problem] };
          const linted = [...recipesLinted, ...(settings === undefined ? [] : [settings])];
          if (globals().json === true) printJson(io.out, linted);
          else io.out.write(linted.map(show).join(''));
          return linted.some(isBad) ? failed : done;
        }),
      );
}

async function lint(name: string, { recipeBook }: Bakery, cwd: string): Promise<Linted> {
  try {
    return { recipe: name, findings: await lintRecipe(await load(name, recipeBook, cwd)) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { recipe: name, broken: error.message, findings: error.diagnostics };
  }
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
