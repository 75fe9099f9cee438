import { openBakery } from '@bakery/core/bakery.ts';
import { type Catalogue, catalogueAt, catalogueIn } from '@bakery/core/catalogue.ts';
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
  const url = catalogue ?? (globals.store === undefined ? globals.hub : undefined);
  if (url === undefined) return catalogueIn(store);
  return catalogueAt(url, ports.http);
}
