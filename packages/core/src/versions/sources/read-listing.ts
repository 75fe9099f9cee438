import pLimit from 'p-limit';
import { UserError } from '../../diagnostics/user-error.ts';
import { render } from '../../language/template.ts';
import type { Ports } from '../../ports/ports.ts';
import { inRange } from '../range.ts';
import type { HttpListing } from './http-listing.ts';
import type { ListContext } from './listing.ts';
import { requireFew } from './name-limits.ts';
import { readCursor, readNames } from './names.ts';

const maxPages = 100; // A listing that goes on longer is taken for one that never ends.
const branchesAtOnce = 4; // Kind to small upstream servers.

type Reach = Pick<Ports, 'http' | 'report'>;

/** The names a document lists, each once, in its order. `arch` is what `{arch}` stands for. */
export async function readListing(
  listing: HttpListing,
  { ports }: ListContext,
  arch = '',
): Promise<string[]> {
  const branches = listing.branches === undefined ? [''] : await readBranches(listing.branches, ports, arch);
  const limit = pLimit(branchesAtOnce);
  const lists = await Promise.all(
    branches.map((branch) => limit(() => readPages(render(listing.url, { arch, branch }), listing, ports))),
  );
  const names = new Set(lists.flatMap((list) => list ?? []));
  if (names.size === 0) {
    const looked = listing.regex ?? listing.path ?? '';
    throw new UserError(
      'version.listing',
      `${listing.url}: expected at least one name by ${looked}, got none`,
    );
  }
  return [...names];
}

async function readBranches(
  { url, regex, range }: NonNullable<HttpListing['branches']>,
  { http }: Reach,
  arch: string,
): Promise<string[]> {
  const address = render(url, { arch });
  const document = await http.text(address);
  if (document === undefined)
    throw new UserError('version.listing', `${address}: expected a list of branches, got 404`);
  const found = readNames(document, { regex }, address);
  const names = found.filter((name) => range === undefined || inRange(name, range));
  if (names.length > 0) return [...new Set(names)];
  throw new UserError(
    'version.listing',
    `${address}: expected branches by ${regex}${range === undefined ? '' : ` in ${range}`}, got ${found.length === 0 ? 'no match' : found.slice(0, 5).join(', ')}`,
  );
}

/** `undefined` for a branch that has no document: upstream may have just opened or closed it. */
async function readPages(
  url: string,
  listing: HttpListing,
  { http, report }: Reach,
): Promise<string[] | undefined> {
  const names: string[] = [];
  const cursors = new Set<string>();
  let address = url;
  for (;;) {
    const document = await http.text(address);
    if (document === undefined && listing.branches !== undefined) {
      report.warn(`${address}: expected the versions of a branch, got 404; going on without it`);
      return undefined;
    }
    if (document === undefined)
      throw new UserError('version.listing', `${address}: expected a list of versions, got 404`);
    for (const name of readNames(document, listing, address)) names.push(name);
    requireFew(names.length, 'names', url);
    const cursor = readCursor(document, listing, address);
    if (cursor === undefined) return names;
    if (cursors.has(cursor)) {
      throw new UserError(
        'version.listing',
        `${address}: expected a new cursor on each page, got ${JSON.stringify(cursor)} again`,
      );
    }
    cursors.add(cursor);
    if (cursors.size >= maxPages) {
      throw new UserError('version.listing', `${url}: expected at most ${maxPages} pages, got more`);
    }
    address = withCursor(url, listing.next?.query ?? '', cursor);
  }
}

function withCursor(url: string, query: string, cursor: string): string {
  const next = URL.parse(url);
  if (next === null)
    throw new UserError('version.listing', `${url}: expected an address like https://HOST/PATH`);
  next.searchParams.set(query, cursor);
  return next.href;
}
