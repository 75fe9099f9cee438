import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { jsonOrNothing } from '../language/foreign-data.ts';
import { Catalogue } from './schema.ts';

/** The same catalogue is always the same bytes: keys come in the order of the schema. */
export function formatCatalogue(catalogue: Catalogue): string {
  return `${JSON.stringify(Catalogue.parse(catalogue), undefined, 1)}\n`;
}

/** The catalogue in a text; `undefined` when there is none to be read. */
export function readableCatalogue(text: string | undefined): Catalogue | undefined {
  return Catalogue.safeParse(jsonOrNothing(text ?? '')).data;
}

/** Reads a catalogue, of a newer bakery too. `place` is where it was found. UserError when it is none. */
export function parseCatalogue(text: string, place: string): Catalogue {
  const parsed = Catalogue.safeParse(jsonOrNothing(text));
  if (parsed.success) return parsed.data;
  throw new UserError(
    'catalogue.invalid',
    `${place}: expected a catalogue, ${z.prettifyError(parsed.error)}`,
    {
      hint: 'bakery metadata --all regenerates it',
    },
  );
}
