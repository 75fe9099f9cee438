import type { KeyPath } from '../diagnostics/problem.ts';
import { artifactPlaceholders, commonPlaceholders, versionPlaceholders } from './placeholders.ts';
import type { Recipe } from './schema.ts';

/** A text of the recipe that may hold placeholders, and which. */
export interface Slot {
  readonly path: KeyPath;
  readonly text: string;
  readonly known: ReadonlySet<string>;
}

/** Every text of a recipe that may hold placeholders. */
export function templatesOf(recipe: Recipe): Slot[] {
  const options = Object.keys(recipe.options);
  const common = new Set<string>([...commonPlaceholders, ...options]);
  return [
    ...texts(recipe.versions, ['versions'], new Set(['arch', 'branch']), addressKeys),
    ...Object.entries(recipe.options).flatMap(([name, option]) =>
      typeof option.default === 'object'
        ? texts(
            option.default,
            ['options', name, 'default'],
            new Set(['name', 'arch', 'branch', ...versionPlaceholders]),
            addressKeys,
          )
        : [],
    ),
    ...recipe.artifacts.flatMap((artifact, index) => {
      const path = ['artifacts', index];
      const own = new Set([...common, ...Object.keys(artifact.each ?? {})]);
      const proof = new Set([...own, ...artifactPlaceholders]);
      const { integrity, signature, url, place, unpack } = artifact;
      return [
        ...texts(url, [...path, 'url'], own),
        ...(typeof integrity === 'object' && ('from' in integrity || 'sums' in integrity)
          ? texts(integrity, [...path, 'integrity'], proof)
          : []),
        ...texts(
          signature,
          [...path, 'signature'],
          proof,
          new Set(['openpgp', 'keys', 'cosign', 'identity']),
        ),
        ...texts(place, [...path, 'place'], own),
        ...texts(unpack, [...path, 'unpack'], own, new Set(['top', 'into', 'files', 'exclude', 'to'])),
        ...Object.keys(unpack?.files ?? {}).map((member) => ({
          path: [...path, 'unpack', 'files', member],
          text: member,
          known: own,
        })),
      ];
    }),
    ...texts(recipe.build, ['build'], common),
    ...texts(recipe.folders, ['folders'], common, new Set(['path'])),
    ...texts(recipe.text, ['text'], common, new Set(['path', 'content'])),
    ...texts(recipe.edit, ['edit'], common, new Set(['path', 'with'])),
    ...texts(recipe.links, ['links'], common, new Set(['path', 'to'])),
    ...texts(recipe.require, ['require'], common, new Set(['path'])),
    ...texts(recipe.requires, ['requires'], common, new Set(['version'])),
    ...texts(recipe.smoke, ['smoke'], common, new Set(['run', 'prints'])),
  ];
}

const addressKeys = new Set(['url', 'package', 'branches']);

/** The texts inside `value`; with `keys`, only those below one of these keys. */
function texts(
  value: unknown,
  path: KeyPath,
  known: ReadonlySet<string>,
  keys?: ReadonlySet<string>,
): Slot[] {
  if (typeof value === 'string') return [{ path, text: value, known }];
  if (Array.isArray(value)) return value.flatMap((item, index) => texts(item, [...path, index], known, keys));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (keys === undefined || keys.has(key)) return texts(item, [...path, key], known);
    return typeof item === 'object' ? texts(item, [...path, key], known, keys) : [];
  });
}
