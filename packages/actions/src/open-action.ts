import { access } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { context } from '@actions/github';
import { type Bakery, type Choices, type HostProcess, loadConfig, openBakery } from '@bakery/core/bakery.ts';
import type { LoadedRecipe } from '@bakery/core/recipe.ts';
import { numberInput, requiredInput, textInput, wordsInput } from './input.ts';

/**
 * The bakery an action’s inputs ask for. What they leave open comes from bakery.yaml, then from what a workflow
 * has anyway: releases in its own repository, recipes in its `recipes/` folder.
 */
export async function openFromInputs(io: HostProcess, more: Choices = {}): Promise<Bakery> {
  const config = await loadConfig(join(io.cwd, 'bakery.yaml'), io.cwd);
  const recipes = [...(more.recipes ?? []), ...wordsInput('recipes')];
  const hub = textInput('hub');
  const list = textInput('list');
  const wait = numberInput('wait', 0, 360);
  const choices: Choices = {
    ...more,
    store: textInput('store') ?? config.store ?? `github:${context.repo.owner}/${context.repo.repo}`,
    ...(hub === undefined ? {} : { hub }),
    ...(list === undefined ? {} : { list }),
    ...(wait === undefined ? {} : { longestWait: wait * 60 }),
  };
  if (recipes.length > 0) return openBakery({ ...choices, recipes }, io);
  const isOwn = config.recipes === undefined && (await exists(join(io.cwd, 'recipes')));
  return openBakery(isOwn ? { ...choices, recipes: ['recipes'] } : choices, io);
}

/** The bakery and the recipe that the input `recipe` names: a path with a `/`, or a name. */
export async function openRecipe(
  io: HostProcess,
): Promise<{ readonly bakery: Bakery; readonly loaded: LoadedRecipe }> {
  const recipe = requiredInput('recipe').replace(/\/+(recipe\.yaml)?$/, '');
  const path = recipe.includes('/') || recipe === '.' ? resolve(io.cwd, recipe) : undefined;
  const folder = path?.endsWith('/recipe.yaml') === true ? dirname(path) : path;
  const bakery = await openFromInputs(io, folder === undefined ? {} : { recipes: [folder] });
  return { bakery, loaded: await bakery.recipeBook.find(folder === undefined ? recipe : basename(folder)) };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
