import { z } from 'zod';
import { placeholdersIn } from '../../language/template.ts';
import { HttpListing } from './http-listing.ts';
import { commonShape } from './listing.ts';
import type { Listed, ListContext } from './listing.ts';
import { listPerArch } from './per-arch.ts';
import { readListing } from './read-listing.ts';
import { sourceKind } from './source-kind.ts';

const HttpSource = HttpListing.safeExtend({ from: z.literal('http'), ...commonShape });
type HttpSource = z.infer<typeof HttpSource>;

export const httpSource = sourceKind({
  from: 'http',
  schema: HttpSource,
  list: listHttp,
  words: ({ url, branches }) => `what \`${branches?.url ?? url}\` lists`,
});

function listHttp(source: HttpSource, context: ListContext): Promise<Listed[]> {
  // {branch} is not known here, so the address stays a template; only {arch} matters.
  const addresses = [source.url, source.branches?.url ?? ''].flatMap(placeholdersIn);
  return listPerArch(addresses.includes('arch') ? '{arch}' : 'any', context, async (_rendered, token) => {
    const names = await readListing(source, context, token);
    return names.map((text) => ({ text, prerelease: false }));
  });
}
