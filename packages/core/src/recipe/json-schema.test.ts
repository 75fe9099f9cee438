import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { recipeJsonSchema } from './json-schema.ts';
import { newRecipe, starterKinds } from './scaffold.ts';

const recipes = new URL('../../../../recipes/', import.meta.url);
const names = readdirSync(recipes, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
const validate = ajv.compile(recipeJsonSchema());
const read = (url: URL): unknown => parse(readFileSync(url, 'utf8'));

describe('the JSON Schema for editors', () => {
  it('is what recipes/recipe.schema.json holds (pnpm generate)', () => {
    expect(JSON.parse(readFileSync(new URL('recipe.schema.json', recipes), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(recipeJsonSchema())),
    );
  });

  it.each(names)('accepts the recipe of %s', (name) => {
    expect(validate(read(new URL(`${name}/recipe.yaml`, recipes))) || validate.errors).toBe(true);
  });

  it.each(starterKinds)('accepts a starter recipe of kind %s', (kind) => {
    const [recipe] = newRecipe('demo', kind);
    expect(validate(parse(recipe?.content ?? '')) || validate.errors).toBe(true);
  });

  it('refuses an unknown key and a missing one', () => {
    expect(validate({ recipe: 1, nmae: 'x' })).toBe(false);
  });
});
