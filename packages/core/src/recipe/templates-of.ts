import type { KeyPath } from '../diagnostics/key-path.ts';
import { type FoundSlot, slotsIn } from '../language/slots.ts';
import { artifactPlaceholders, commonPlaceholders, versionPlaceholders } from './placeholders.ts';
import { Recipe } from './schema.ts';

/** A text of the recipe that may hold placeholders, and which. */
export interface Slot {
  readonly path: KeyPath;
  readonly text: string;
  readonly known: ReadonlySet<string>;
}

/** Every text of a recipe that may hold placeholders; `data` is the recipe as it was written. */
export function templatesOf(recipe: Recipe, data: unknown): Slot[] {
  return slotsIn(Recipe, data).map((slot) => ({
    path: slot.path,
    text: slot.text,
    known: new Set(knownAt(slot, recipe)),
  }));
}

function knownAt({ path, scope }: FoundSlot, recipe: Recipe): readonly string[] {
  const [list, index] = path;
  if (scope === 'source') {
    // A version source of an option may name the version that is built.
    return list === 'versions' ? ['arch', 'branch'] : ['name', 'arch', 'branch', ...versionPlaceholders];
  }
  const each = list === 'artifacts' ? (recipe.artifacts[Number(index)]?.each ?? {}) : {};
  const own = [...commonPlaceholders, ...Object.keys(recipe.options), ...Object.keys(each)];
  return scope === 'proof' ? [...own, ...artifactPlaceholders] : own;
}
