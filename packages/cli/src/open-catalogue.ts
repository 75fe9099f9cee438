import { openBakery } from '@bakery/core/bakery.ts';
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

/** What was published: what is said on the command line comes before what is in bakery.yaml, and the store before nothing. */
export async function openCatalogue({ catalogue }: Place, globals: Globals, io: Io): Promise<Catalogue> {
  const { ports, store } = await openBakery(globals, io);
  const url = urlOf(catalogue, globals);
  return url === undefined ? catalogueIn(store) : catalogueAt(url, ports.http);
}

/** The same, and what runs remember of extensions that fail, which only the store tells. */
export async function openPublished(
  place: Place,
  globals: Globals,
  io: Io,
): Promise<{ readonly catalogue: Catalogue; readonly failing?: Status['failing'] }> {
  const catalogue = await openCatalogue(place, globals, io);
  if (urlOf(place.catalogue, globals) !== undefined) return { catalogue };
  const { store } = await openBakery(globals, io);
  return { catalogue, failing: (await readStatus(store)).failing };
}

function urlOf(catalogue: string | undefined, { store, hub }: Globals): string | undefined {
  return catalogue ?? (store === undefined ? hub : undefined);
}
