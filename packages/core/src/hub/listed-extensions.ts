import { allArches } from '../names/arch.ts';
import { parseTag } from '../names/tag.ts';

/** Extensions that an index of everything names images of, sorted; `known` names win where a file fits two. */
export function listedExtensions(
  entries: readonly { readonly name: string }[],
  known: readonly string[],
): readonly string[] {
  const names = entries.flatMap(({ name: file }) => {
    const arch = allArches.find((candidate) => file.endsWith(`-${candidate}.raw`));
    if (arch === undefined) return [];
    const tag = parseTag(file.slice(0, -`-${arch}.raw`.length), known);
    return tag.kind === 'version' ? [tag.name] : [];
  });
  return [...new Set(names)].toSorted();
}
