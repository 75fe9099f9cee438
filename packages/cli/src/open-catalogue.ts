import { type Bakery, openBakery } from '@bakery/core/bakery.ts';
import { type Catalogue, catalogueAt, catalogueIn } from '@bakery/core/catalogue.ts';
import { readStatus, type Status } from '@bakery/core/release.ts';
import type { Globals } from './globals.ts';
import type { Io } from './io.ts';
import { readUrl } from './read-url.ts';

export interface Place {
  /** URL of a catalogue, or what all URLs of a bakery begin with. */
  readonly catalogue?: string;
}

export const catalogueOption = [
  '--catalogue <url>',
  'catalogue.json to read, or the address prefix of a bakery (default: that of --hub or the store)',
  readUrl,
] as const;

interface Published {
  readonly catalogue: Catalogue;
  /** What runs remember of extensions that fail or are behind, which only a store tells. */
  readonly failing?: Status['failing'];
  readonly behind?: Status['behind'];
}

/** What was published: what is said on the command line comes before what is in bakery.yaml, and the store before nothing. */
export async function openCatalogue(place: Place, globals: Globals, io: Io): Promise<Catalogue> {
  const source = await openSource(place, globals, io);
  return 'url' in source ? catalogueAt(source.url, source.http) : catalogueIn(source.store);
}

/** The same, and what fails or waits. */
export async function openPublished(place: Place, globals: Globals, io: Io): Promise<Published> {
  const source = await openSource(place, globals, io);
  if ('url' in source) return { catalogue: await catalogueAt(source.url, source.http) };
  const [catalogue, { failing, behind }] = await Promise.all([
    catalogueIn(source.store),
    readStatus(source.store),
  ]);
  return { catalogue, failing, behind };
}

type Source = { readonly url: string; readonly http: Bakery['ports']['http'] } | Pick<Bakery, 'store'>;

async function openSource({ catalogue }: Place, globals: Globals, io: Io): Promise<Source> {
  const { ports, store } = await openBakery(globals, io);
  const url = catalogue ?? (globals.store === undefined ? globals.hub : undefined);
  return url === undefined ? { store } : { url, http: ports.http };
}
