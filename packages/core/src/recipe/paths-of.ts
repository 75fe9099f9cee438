import { posix } from 'node:path';
import type { KeyPath } from '../diagnostics/key-path.ts';
import type { Recipe } from './schema.ts';

/** Every path a recipe writes by itself, still with placeholders. Folders may end in "/". */
export function pathsOf(recipe: Recipe): { readonly at: KeyPath; readonly path: string }[] {
  const artifacts = recipe.artifacts.flatMap(({ place, unpack }, index) => {
    const at = ['artifacts', index];
    const files = Object.entries(unpack?.files ?? {}).map(([member, to]) => ({
      at: [...at, 'unpack', 'files', member],
      // A member placed in a folder keeps its name, so that rules on names see it.
      path: intoFolder(to.to, member),
    }));
    return [
      ...(place === undefined ? [] : [{ at: [...at, 'place'], path: place.to }]),
      ...(unpack?.into === undefined ? [] : [{ at: [...at, 'unpack', 'into'], path: unpack.into }]),
      ...files,
    ];
  });
  const lists = [
    ['folders', recipe.folders],
    ['text', recipe.text],
    ['links', recipe.links],
  ] as const;
  return [
    ...artifacts,
    ...lists.flatMap(([list, entries]) =>
      entries.map(({ path }, index) => ({ at: [list, index, 'path'], path })),
    ),
  ];
}

function intoFolder(path: string, member: string): string {
  const name = posix.basename(member);
  return path.endsWith('/') && !/[*{?[]/.test(name) ? `${path}${name}` : path;
}
