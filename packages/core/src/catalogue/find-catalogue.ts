import { nearestName } from '../diagnostics/near-names.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { fileUrls, isPage } from '../hub/address.ts';
import { catalogueName } from '../names/catalogue-name.ts';
import { globalTag } from '../names/manifest-name.ts';
import type { Http } from '../ports/http.ts';
import type { Store } from '../store/store.ts';
import { parseCatalogue } from './catalogue.ts';
import type { Catalogue, CatalogueExtension } from './schema.ts';

/** The catalogue below the URL prefix of a bakery, or at that very address when it ends in `.json`. */
export async function catalogueAt(url: string, http: Pick<Http, 'text'>): Promise<Catalogue> {
  const places = url.endsWith('.json') ? [url] : fileUrls(url, globalTag, catalogueName);
  for (const place of places) {
    const text = await http.text(place);
    if (text !== undefined && !isPage(text)) return parseCatalogue(text, place);
  }
  throw missing(places.join(' or '), 'is it the address of a bakery? Older ones have no catalogue');
}

/** The catalogue of a store. */
export async function catalogueIn(store: Pick<Store, 'name' | 'read'>): Promise<Catalogue> {
  const text = await store.read(globalTag, catalogueName);
  if (text !== undefined) return parseCatalogue(text, `${store.name}: ${catalogueName}`);
  throw missing(
    store.name,
    'bakery metadata --all writes it; --store dir:PATH or github:OWNER/REPO, or --hub URL, says where to look',
  );
}

/** UserError when the catalogue does not name it. */
export function extensionIn({ extensions }: Catalogue, name: string): CatalogueExtension {
  const found = extensions.find((extension) => extension.name === name);
  if (found !== undefined) return found;
  const names = extensions.map((extension) => extension.name);
  const meant = nearestName(name, names);
  throw new UserError(
    'catalogue.unknown',
    `${name}: expected a published extension, found none of that name among ${names.length}`,
    { hint: meant === undefined ? 'bakery list --published shows all of them' : `did you mean ${meant}?` },
  );
}

/** Extensions with `word` in name, summary, licence, architectures or units, those with it in the name first. */
export function searchIn({ extensions }: Catalogue, word: string): readonly CatalogueExtension[] {
  const wanted = word.toLowerCase();
  const holds = (text: string | undefined): boolean => text?.toLowerCase().includes(wanted) === true;
  const found = extensions.filter(({ name, summary, license, arches, units }) =>
    [name, summary, license, ...arches, ...(units ?? []).map((unit) => unit.name)].some(holds),
  );
  return found.toSorted((a, b) => Number(holds(b.name)) - Number(holds(a.name)));
}

function missing(place: string, hint: string): UserError {
  return new UserError('catalogue.missing', `${place}: expected ${catalogueName}, found none`, { hint });
}
