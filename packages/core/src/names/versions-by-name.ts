import { parseTag } from './tag.ts';

/** The versions that `tags` holds of each extension, in their order; `names` are those known to be extensions. */
export function versionsByName(
  tags: Iterable<string>,
  names: Iterable<string>,
): ReadonlyMap<string, readonly string[]> {
  const known = [...new Set(names)];
  const versions = [...tags].flatMap((text) => {
    const tag = parseTag(text, known);
    return tag.kind === 'version' ? [tag] : [];
  });
  const byName = Map.groupBy(versions, ({ name }) => name);
  return new Map([...byName].map(([name, found]) => [name, found.map(({ version }) => version)]));
}
