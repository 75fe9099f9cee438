import pLimit from 'p-limit';
import { UserError } from '../../diagnostics/user-error.ts';
import { sumsOf } from '../../fetch/integrity/integrity.ts';
import type { Http } from '../../ports/http.ts';
import { expandRecipe } from '../../recipe/expand.ts';
import { recipeArches } from '../../recipe/recipe-arches.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import { resolveOptions } from '../../recipe/resolve-options.ts';
import { planBuilds, type Wanted } from './plan.ts';
import type { Resolved } from './resolve-wanted.ts';

/** A version that upstream lists and that cannot be built yet, as files of it are missing. */
export interface Incomplete {
  readonly name: string;
  readonly version: string;
  /** Addresses where there is nothing. */
  readonly missing: readonly string[];
}

/** In one line. */
export function whatLacks({ missing }: Incomplete): string {
  const [first = '', ...others] = missing;
  return `upstream lacks ${first}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}

/** Versions that do not count, by extension. */
export type Excepted = ReadonlyMap<string, ReadonlySet<string>>;

export interface IncompleteContext {
  readonly recipeBook: RecipeBook;
  readonly ports: { readonly http: Http };
  /** Tags the store has. */
  readonly published: ReadonlySet<string>;
}

const most = 2; // releases in a row that may be incomplete; with a third it is the recipe that is wrong, and the build says so
// Stands for the version of a second product, of which only the build asks: it has a whole list to choose from.
const notAsked = 'not-asked-yet';
const asksAtOnce = 6; // files of different servers; as many as upstreams are asked at once

/**
 * What is wanted, with the newest complete version in place of a latest one that lacks files. Only what would be built
 * is looked at. An extension with no complete version among its newest keeps those that will fail.
 */
export async function completeOnes(
  first: Resolved,
  resolveWithout: (excepted: Excepted) => Promise<Resolved>,
  context: IncompleteContext,
): Promise<{ readonly resolved: Resolved; readonly incomplete: readonly Incomplete[] }> {
  let resolved = first;
  const incomplete: Incomplete[] = [];
  let found = await incompleteAmong(resolved.wanted, context);
  for (let round = 0; round < most && found.length > 0; round++) {
    for (const one of found) incomplete.push(one);
    resolved = await resolveWithout(exceptedOf(incomplete));
    found = await incompleteAmong(resolved.wanted, context);
  }
  const kept = new Set(latestOf(resolved).map(({ name }) => name));
  for (const { name } of found) kept.delete(name);
  const isKept = ({ name, why }: Wanted): boolean => why !== 'latest' || kept.has(name);
  const lost = latestOf(first).filter((one) => !isKept(one));
  return {
    resolved: { ...resolved, wanted: [...resolved.wanted.filter(isKept), ...lost] },
    incomplete: incomplete.filter(({ name }) => kept.has(name)),
  };
}

function latestOf({ wanted }: Resolved): Wanted[] {
  return wanted.filter(({ why }) => why === 'latest');
}

async function incompleteAmong(wanted: readonly Wanted[], context: IncompleteContext): Promise<Incomplete[]> {
  const limit = pLimit(asksAtOnce);
  const looked = planBuilds(wanted, context.published)
    .build.filter(({ why }) => why === 'latest')
    .map(async ({ name, version }) => {
      const addresses = await neededFiles(name, version, context);
      const there = await Promise.all(addresses.map((url) => limit(() => exists(url, context.ports.http))));
      return { name, version, missing: addresses.filter((_, index) => there[index] === false) };
    });
  return (await Promise.all(looked)).filter(({ missing }) => missing.length > 0);
}

/** What a build will ask for by HTTP. Nothing where it will fail anyhow: the build tells why. */
async function neededFiles(
  name: string,
  version: string,
  { recipeBook }: IncompleteContext,
): Promise<string[]> {
  try {
    const loaded = await recipeBook.find(name);
    const { recipe } = loaded;
    const options = await resolveOptions(recipe, version, {}, () => Promise.resolve(notAsked));
    const downloads = recipeArches(recipe).flatMap(
      (arch) => expandRecipe(loaded, { version, arch, options }).downloads,
    );
    const addresses = downloads.flatMap(({ url, integrity }) => [url, sumsOf(integrity) ?? url]);
    return [...new Set(addresses)].filter((url) => /^https?:/.test(url) && !url.includes(notAsked));
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

/** Whatever is no clear answer counts as there. */
async function exists(url: string, http: Http): Promise<boolean> {
  try {
    // A server may know a file and no HEAD, so GET has the last word.
    return !(await isMissing(url, 'HEAD', http)) || !(await isMissing(url, 'GET', http));
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}

async function isMissing(url: string, method: 'HEAD' | 'GET', http: Http): Promise<boolean> {
  const { status, body } = await http.get(url, { method });
  await body.cancel();
  return status === 404 || status === 410;
}

function exceptedOf(incomplete: readonly Incomplete[]): Excepted {
  const byName = Map.groupBy(incomplete, ({ name }) => name);
  return new Map([...byName].map(([name, ones]) => [name, new Set(ones.map(({ version }) => version))]));
}
