import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { jsonOrNothing } from '../language/foreign-data.ts';
import { Catalogue } from './schema.ts';

/** The same catalogue is always the same bytes. */
export function formatCatalogue(catalogue: Catalogue): string {
  return `${JSON.stringify(catalogue, undefined, 1)}\n`;
}

/** Reads a catalogue, of a newer bakery too. `place` is where it was found. UserError when it is none. */
export function parseCatalogue(text: string, place: string): Catalogue {
  const parsed = Catalogue.safeParse(jsonOrNothing(text));
  if (parsed.success) return parsed.data;
  throw new UserError(
    'catalogue.invalid',
    `${place}: expected a catalogue, ${z.prettifyError(parsed.error)}`,
    {
      hint: 'bakery metadata all writes it anew',
    },
  );
}
