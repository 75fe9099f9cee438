import { recipeJsonSchema } from '../src/recipe/json-schema.ts';

/** Keys down to a text. */
export type TextPath = readonly (string | number)[];

/** A text of a recipe, or, when it `isKey`, a key of a map that an author chooses. */
export interface RecipeText {
  readonly at: TextPath;
  readonly isKey: boolean;
  /** Where it stands in the schema. */
  readonly pattern: string;
  readonly value: unknown;
}

const known = textsOfSchema();

/**
 * Every text a recipe may hold, as the schema tells it: `build.[].container.env.*`; `*~` are the keys of a map.
 * Words of a closed list are left out.
 */
export function textsOfSchema(): Set<string> {
  const found = new Set<string>();
  walkSchema(recipeJsonSchema(), '', found);
  return found;
}

/** The same of one recipe: its texts with their pattern, and the keys of its maps. */
export function textsOf(recipe: object): RecipeText[] {
  const found: RecipeText[] = [];
  walk(recipe, [], '');
  return found.filter(({ pattern }) => known.has(pattern));

  function walk(value: unknown, at: TextPath, pattern: string): void {
    if (typeof value === 'string') found.push({ at, isKey: false, pattern, value });
    if (Array.isArray(value)) value.forEach((item, index) => walk(item, [...at, index], `${pattern}[]`));
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        const isMap = !startsOne(`${pattern}.${key}`);
        if (isMap) found.push({ at: [...at, key], isKey: true, pattern: `${pattern}.*~`, value: key });
        walk(item, [...at, key], isMap ? `${pattern}.*` : `${pattern}.${key}`);
      }
    }
  }
}

function startsOne(prefix: string): boolean {
  return [...known].some(
    (one) => one === prefix || (/^[.[]/.test(one.slice(prefix.length)) && one.startsWith(prefix)),
  );
}

/** A copy of `recipe` with `text` in the place of one of its texts or keys. */
export function withText(recipe: object, at: TextPath, isKey: boolean, text: string): object {
  const copy: object = structuredClone(recipe);
  const last = at.at(-1) ?? '';
  let holder: object = copy;
  for (const key of at.slice(0, -1)) holder = child(holder, key);
  if (!isKey) Reflect.set(holder, last, text);
  else {
    const value: unknown = Reflect.get(holder, last);
    Reflect.deleteProperty(holder, last);
    Reflect.set(holder, text, value);
  }
  return copy;
}

function child(holder: object, key: string | number): object {
  const value: unknown = Reflect.get(holder, key);
  if (typeof value === 'object' && value !== null) return value;
  throw new Error(`${key}: expected something with keys`);
}

function walkSchema(node: unknown, path: string, found: Set<string>): void {
  const root = recipeJsonSchema();
  visit(node, path);

  function visit(part: unknown, at: string): void {
    if (typeof part !== 'object' || part === null) return;
    const read = (key: string): unknown => Reflect.get(part, key);
    const ref = read('$ref');
    if (typeof ref === 'string') return visit(lookUp(ref), at);
    for (const key of ['anyOf', 'oneOf', 'allOf']) {
      const parts = read(key);
      if (Array.isArray(parts)) parts.forEach((one) => visit(one, at));
    }
    if (read('type') === 'string' && read('const') === undefined && read('enum') === undefined) found.add(at);
    for (const [key, value] of Object.entries(read('properties') ?? {})) visit(value, `${at}.${key}`);
    visit(read('items'), `${at}[]`);
    const values = read('additionalProperties');
    if (typeof values !== 'object' || values === null) return;
    visit(values, `${at}.*`);
    if (!JSON.stringify(read('propertyNames') ?? {}).includes('"enum"')) found.add(`${at}.*~`);
  }

  function lookUp(ref: string): unknown {
    return ref
      .split('/')
      .slice(1)
      .reduce<unknown>(
        (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : at),
        root,
      );
  }
}
