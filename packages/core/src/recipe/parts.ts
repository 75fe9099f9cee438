import type { KeyIssue } from '../diagnostics/diagnostic.ts';
import type { KeyPath } from '../diagnostics/key-path.ts';
import { nearestName } from '../diagnostics/near-names.ts';
import type { Condition } from '../versions/condition.ts';
import { conditionsOf } from './conditions-of.ts';
import type { Recipe } from './schema.ts';

/** Parts that are not there, that nobody names, or that cannot be had together with what an entry says itself. */
export function partProblems(recipe: Recipe): KeyIssue[] {
  const uses = usesOf(recipe);
  const named = new Set(uses.map(({ part }) => part));
  return [
    ...uses.flatMap(({ path, part, condition }) => {
      const message = problemOf(recipe, part, condition);
      return message === undefined ? [] : [{ path: [...path, 'part'], message }];
    }),
    ...Object.keys(recipe.parts)
      .filter((part) => !named.has(part))
      .map((part) => ({
        path: ['parts', part],
        message: `expected an entry with {part: ${part}}, got none`,
      })),
  ];
}

/** The recipe as written, with the conditions of its parts in every entry that names one; the same object when none does. */
export function spreadParts(recipe: Recipe, data: unknown): unknown {
  return usesOf(recipe).reduce((rest: unknown, { path, part, condition }) => {
    const both = joined(recipe.parts[part] ?? {}, condition);
    return changedAt(rest, path, (entry) => {
      const { part: _, when: _when, arches: _arches, if: _if, ...own } = Object(entry);
      return { ...own, ...both };
    });
  }, data);
}

interface Use {
  readonly path: KeyPath;
  readonly part: string;
  readonly condition: Condition;
}

function usesOf(recipe: Recipe): Use[] {
  return conditionsOf(recipe).flatMap(({ path, condition }) =>
    condition.part === undefined ? [] : [{ path, part: condition.part, condition }],
  );
}

function problemOf({ parts }: Recipe, name: string, own: Condition): string | undefined {
  const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
  if (part === undefined) {
    const names = Object.keys(parts);
    const meant = nearestName(name, names);
    const known = names.length === 0 ? 'the recipe has none' : names.join(', ');
    return `expected the name of a part (${known}), got "${name}"${meant === undefined ? '' : `, did you mean ${meant}?`}`;
  }
  const twice = Object.keys(own.if ?? {}).find((option) => Object.hasOwn(part.if ?? {}, option));
  if (twice !== undefined) return `expected "${twice}" in the part or in the entry, got it in both`;
  if (joined(part, own).arches?.length !== 0) return undefined;
  return `expected an architecture that the part has too (${part.arches?.join(', ')}), got ${own.arches?.join(', ')}`;
}

function joined(part: Condition, own: Condition): Omit<Condition, 'part'> {
  const whens = [part.when, own.when].filter((when) => when !== undefined);
  const arches = (part.arches ?? own.arches)?.filter((arch) => (own.arches ?? [arch]).includes(arch));
  const wanted = { ...part.if, ...own.if };
  return {
    ...(whens.length === 0 ? {} : { when: whens.join(' ') }),
    ...(arches === undefined ? {} : { arches }),
    ...(Object.keys(wanted).length === 0 ? {} : { if: wanted }),
  };
}

/** A copy in which only what lies at `path` is another. */
function changedAt(value: unknown, path: KeyPath, change: (old: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => (index === key ? changedAt(item, rest, change) : item));
  }
  const old: Readonly<Record<string, unknown>> = Object(value);
  return { ...old, [key]: changedAt(old[key], rest, change) };
}
