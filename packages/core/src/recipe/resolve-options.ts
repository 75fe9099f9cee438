import { nearestName } from '../diagnostics/near-names.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { fillIn } from '../language/slots.ts';
import type { Values } from '../language/template.ts';
import { upstreamVersion } from '../names/revision.ts';
import { VersionSource } from '../versions/sources/sources.ts';
import type { Option } from './option.ts';
import { versionValues } from './placeholders.ts';
import type { Recipe } from './schema.ts';

// Options end up in paths, addresses, texts and file names; this is what all of them can carry.
const usable = /^[A-Za-z0-9._+@:~/=,-]{0,200}$/;

/** Finds the newest version a source offers; how is not this module’s business. */
export type NewestOf = (source: VersionSource) => Promise<string>;

/**
 * Every option of `recipe` with its value; "" for one that is unset. An unknown option, a value that is not
 * allowed and a missing required one are a UserError that lists what exists.
 */
export async function resolveOptions(
  recipe: Recipe,
  version: string,
  given: Readonly<Record<string, string>>,
  newestOf: NewestOf,
): Promise<Record<string, string>> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(recipe.options, name)) throw unknownOption(recipe, name);
  }
  const values = { name: recipe.name, ...versionValues(upstreamVersion(version)) };
  const resolved = Object.entries(recipe.options).map(async ([name, option]): Promise<[string, string]> => {
    const chosen = Object.hasOwn(given, name) ? given[name] : undefined;
    const value = chosen ?? (await defaultOf(recipe, name, option, values, newestOf));
    return [name, allowed(recipe, name, option, value)];
  });
  return Object.fromEntries(await Promise.all(resolved));
}

function unknownOption(recipe: Recipe, name: string): UserError {
  const names = Object.keys(recipe.options);
  const known = names.length === 0 ? `${recipe.name} has no options` : `expected one of ${names.join(', ')}`;
  const meant = nearestName(name, names);
  return new UserError(
    'recipe.option',
    `${recipe.name}: option ${name}: ${known}`,
    meant === undefined ? {} : { hint: `did you mean ${meant}?` },
  );
}

async function defaultOf(
  recipe: Recipe,
  name: string,
  option: Option,
  values: Values,
  newestOf: NewestOf,
): Promise<string> {
  if (option.required) {
    throw new UserError('recipe.option', `${recipe.name}: option ${name}: expected a value, got none`, {
      hint: option.help,
    });
  }
  if (option.default === undefined) return '';
  if (typeof option.default === 'string') return option.default;
  // {arch} and {branch} are the source’s own.
  return newestOf(fillIn(VersionSource, option.default, { ...values, arch: '{arch}', branch: '{branch}' }));
}

function allowed(recipe: Recipe, name: string, option: Option, value: string): string {
  const subject = `${recipe.name}: option ${name}`;
  const unset = value === '' && !option.required && option.default === undefined;
  if (option.required && value === '') {
    throw new UserError('recipe.option', `${subject}: expected a value, got none`, { hint: option.help });
  }
  if (option.values !== undefined && !unset && !option.values.includes(value)) {
    throw new UserError(
      'recipe.option',
      `${subject}: expected one of ${option.values.join(', ')}, got "${value}"`,
    );
  }
  if (!usable.test(value)) {
    throw new UserError(
      'recipe.option',
      `${subject}: expected letters, digits and any of . _ + @ : ~ / = , -, got ${JSON.stringify(value)}`,
    );
  }
  return value;
}
