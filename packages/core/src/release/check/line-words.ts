import { documentError } from '../../diagnostics/document-error.ts';
import type { KeyPath } from '../../diagnostics/key-path.ts';
import { showPlace, type Place } from '../../diagnostics/place.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import { expectation, explain } from '../../language/explain.ts';
import { ExtensionSettings, type Written } from '../../recipe/settings.ts';

/** A word of a line and where it stands. */
export interface Word {
  readonly text: string;
  readonly place: Place;
}

const policies: ReadonlySet<string> = new Set(['newest', 'majors', 'minors']);
const flags: ReadonlySet<string> = new Set(['lts', 'ended']);
const images: ReadonlySet<string> = new Set(['format', 'compression', 'level']);
const numbers: ReadonlySet<string> = new Set(['level', 'max-age']);

/**
 * Reads the words behind `NAME VERSION`: `as=`, `lts` and `ended`, how images are packed, what `latest` stands for,
 * `max-age=`, and else options of the
 * recipe, all as KEY=VALUE.
 */
export function readSettings(recipe: string, words: readonly Word[]): Written | UserError {
  const places = new Map<string, Place>();
  const data: Record<string, unknown> = {};
  const options: Record<string, string> = {};
  for (const { text, place } of words) {
    const [, word = '', value = ''] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(text) ?? [];
    const key = flags.has(text) ? text : word;
    if (key === '') return problem(place, `expected KEY=VALUE, "# reason" or nothing, got "${text}"`);
    if (places.has(key)) return problem(place, `expected ${key} once`);
    places.set(key, place);
    if (flags.has(text)) data[text] = true;
    else if (key === 'as') data['recipe'] = recipe;
    else if (policies.has(key)) data['latest'] = { ...Object(data['latest']), [key]: numberIn(value) };
    else if (images.has(key) || numbers.has(key)) data[key] = numbers.has(key) ? numberIn(value) : value;
    else options[key] = value;
  }
  const whole = Object.keys(options).length === 0 ? data : { ...data, options };
  const locate = (path: KeyPath): Place => placeOf(places, path) ?? firstPlace(words);
  const parsed = ExtensionSettings.safeParse(whole, { error: expectation });
  if (!parsed.success) return documentError(explain(parsed.error.issues, whole), locate);
  return { settings: parsed.data, locate };
}

function placeOf(places: ReadonlyMap<string, Place>, [first, second]: KeyPath): Place | undefined {
  if (first === 'recipe') return places.get('as');
  if (first === 'options') return places.get(String(second));
  if (first === 'latest') return [...places].find(([key]) => policies.has(key))?.[1];
  return places.get(String(first));
}

function firstPlace(words: readonly Word[]): Place {
  const [first] = words;
  if (first === undefined) throw new Error('no words');
  return first.place;
}

function problem(place: Place, text: string): UserError {
  return new UserError('list.invalid', `${showPlace(place)} ${text}`);
}

/** A number where it is one; anything else is explained by the schema. */
function numberIn(text: string): unknown {
  return /^\d{1,4}$/.test(text) ? Number(text) : text;
}
