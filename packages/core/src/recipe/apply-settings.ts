import type { KeyIssue } from '../diagnostics/diagnostic.ts';
import { documentError } from '../diagnostics/document-error.ts';
import { nearestName } from '../diagnostics/near-names.ts';
import { own } from '../language/own.ts';
import type { LoadedRecipe } from './loaded.ts';
import type { Option } from './option.ts';
import type { Recipe } from './schema.ts';
import type { Settings, Written } from './settings.ts';

/** A recipe as a bakery wants it, published as `name`. UserError at the place of what the recipe cannot take. */
export function applySettings(loaded: LoadedRecipe, name: string, written: Written): LoadedRecipe {
  const { recipe } = loaded;
  const {
    format,
    compression,
    level,
    latest,
    ended,
    lts,
    streams,
    retention,
    'max-age': maxAge,
    options = {},
  } = written.settings;
  const problems = [
    ...Object.entries(options).flatMap(([option, value]) => optionProblems(recipe, option, value)),
    ...lifeProblems(recipe, written.settings),
  ];
  if (problems.length > 0) throw documentError(problems, written.locate);
  const image = {
    ...(format === undefined || format === loaded.image?.format ? loaded.image : { format }),
    ...(compression === undefined ? {} : { compression }),
    ...(level === undefined ? {} : { level }),
  };
  return {
    ...loaded,
    own: loaded.own ?? recipe.name,
    image,
    ...(retention === undefined ? {} : { retention }),
    ...(maxAge === undefined ? {} : { maxAge }),
    recipe: {
      ...recipe,
      name,
      versions: latest === undefined ? recipe.versions : { ...recipe.versions, latest },
      ...(recipe.eol === undefined
        ? {}
        : { eol: { ...recipe.eol, ended: ended ?? recipe.eol.ended, lts: lts ?? recipe.eol.lts } }),
      ...(streams === undefined ? {} : { streams }),
      options: Object.fromEntries(
        Object.entries(recipe.options).map(([option, known]) => [
          option,
          chosen(known, own(options, option)),
        ]),
      ),
    },
  };
}

function optionProblems({ name, options }: Recipe, option: string, value: string): KeyIssue[] {
  const path = ['options', option];
  const names = Object.keys(options);
  const known = Object.hasOwn(options, option) ? options[option] : undefined;
  if (known === undefined) {
    const meant = nearestName(option, names);
    const all = names.length === 0 ? `${name} has none` : names.join(', ');
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    return [{ path, message: `expected an option of ${name}: ${all}${hint}` }];
  }
  if (known.values === undefined || known.values.includes(value)) return [];
  return [{ path, message: `expected one of ${known.values.join(', ')}, got "${value}"` }];
}

function lifeProblems({ name, eol }: Recipe, { lts }: Settings): KeyIssue[] {
  if (lts !== true || eol !== undefined) return [];
  return [
    {
      path: ['lts'],
      message: `expected a recipe that says where ends of life are kept (eol), and ${name} does not`,
    },
  ];
}

function chosen(option: Option, value: string | undefined): Option {
  return value === undefined ? option : { ...option, default: value, required: false };
}
