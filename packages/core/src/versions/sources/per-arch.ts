import { placeholdersIn, render } from '../../language/template.ts';
import { allArches } from '../../names/arch.ts';
import type { Listed, ListContext } from './listing.ts';

/**
 * Asks `list` once, or once per architecture where `template` holds `{arch}`; then each name knows the
 * architectures it was seen for. `list` gets the value of `{arch}` too, "" where there is none.
 */
export async function listPerArch(
  template: string,
  { archTokens }: Pick<ListContext, 'archTokens'>,
  list: (rendered: string, token: string) => Promise<readonly Listed[]>,
): Promise<Listed[]> {
  if (!placeholdersIn(template).includes('arch')) return [...(await list(template, ''))];
  const asked = allArches.flatMap((arch) => {
    const token = archTokens[arch];
    return token === undefined ? [] : [{ arch, token }];
  });
  const lists = await Promise.all(
    asked.map(async ({ arch, token }) => ({
      arch,
      listed: await list(render(template, { arch: token }), token),
    })),
  );
  const byText = Map.groupBy(
    lists.flatMap(({ arch, listed }) => listed.map((item) => ({ arch, item }))),
    ({ item }) => item.text,
  );
  return [...byText].map(([text, seen]) => ({
    text,
    prerelease: seen.some(({ item }) => item.prerelease),
    arches: new Set(seen.map(({ arch }) => arch)),
  }));
}
