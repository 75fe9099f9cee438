import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Arch } from '@bakery/core/src/names/arch.ts';
import type { Finished } from '@bakery/core/src/ports/exec.ts';
import { expandRecipe } from '@bakery/core/src/recipe/expand.ts';
import { loadRecipeBook } from '@bakery/core/src/recipe/recipe-book.ts';
import { resolveOptions } from '@bakery/core/src/recipe/resolve-options.ts';
import { testRecipes } from '../test-bakery.ts';
import type { DebianHost } from './debian-host.ts';

const recipes = join(import.meta.dirname, '../../../../recipes');

/** Runs on a host what a recipe itself says must work; resolves to what each run came to. */
export async function smoke(
  host: DebianHost,
  { name, version, arch }: { readonly name: string; readonly version: string; readonly arch: Arch },
): Promise<Finished[]> {
  const loaded = await (await loadRecipeBook([recipes, testRecipes])).find(name);
  const options = await resolveOptions(loaded.recipe, version, {}, () => Promise.reject(new Error('asked')));
  const work = expandRecipe(loaded, { version, arch, options });
  expect(work.smoke.length).toBeGreaterThan(0);
  const ran: Finished[] = [];
  for (const { argv, ...expected } of work.smoke) {
    const [program = '', ...args] = argv;
    const finished = await host.run(program, args);
    const printed = finished.stdout + finished.stderr;
    expect({ argv, code: finished.code }).toEqual({ argv, code: 0 });
    if (expected.prints !== undefined) expect(printed).toContain(expected.prints);
    if (expected.matches !== undefined) expect(printed).toMatch(new RegExp(expected.matches, 'u'));
    ran.push(finished);
  }
  return ran;
}
