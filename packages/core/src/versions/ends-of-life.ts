import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { jsonOrNothing } from '../language/foreign-data.ts';
import { bareVersion } from '../names/bare.ts';

/** Which versions upstream still looks after, as endoflife.date keeps it. */
export const EndsOfLife = z.strictObject({
  product: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.+-]*$/, { error: 'expected the name of a product on endoflife.date' })
    .describe('Name of the product on endoflife.date.'),
  ended: z.boolean().default(false).describe('Whether versions past their end of life count as latest.'),
  lts: z.boolean().default(false).describe('Whether only versions with long-term support count as latest.'),
});
export type EndsOfLife = z.infer<typeof EndsOfLife>;

/** What is known of a series of versions. */
export interface Life {
  /** `22` or `1.34`. */
  readonly series: string;
  /** The day it ends, when there is one: `2027-04-30`. */
  readonly end?: string;
  readonly hasEnded: boolean;
  readonly hasLts: boolean;
}

// API v1; it only grows. What it says of today is of the day it was made, so dates go first.
const day = z.iso.date().nullish();
const Product = z.object({
  result: z.object({
    releases: z.array(
      z.object({
        name: z.string(),
        isEol: z.boolean().default(false),
        eolFrom: day,
        isLts: z.boolean().default(false),
        ltsFrom: day,
      }),
    ),
  }),
});

export function endsOfLifeAddress({ product }: EndsOfLife): string {
  return `https://endoflife.date/api/v1/products/${encodeURIComponent(product)}`;
}

/** Reads what endoflife.date answers; `now` is in milliseconds since 1970. */
export function parseLives(text: string, source: string, now: number): readonly Life[] {
  const parsed = Product.safeParse(jsonOrNothing(text));
  if (!parsed.success) {
    throw new UserError(
      'version.listing',
      `${source}: expected releases with their ends of life, got ${JSON.stringify(text.slice(0, 60))}`,
    );
  }
  const today = new Date(now).toISOString().slice(0, 10);
  return parsed.data.result.releases.map(({ name, isEol, eolFrom, isLts, ltsFrom }) => ({
    series: name,
    ...(typeof eolFrom === 'string' ? { end: eolFrom } : {}),
    hasEnded: typeof eolFrom === 'string' ? eolFrom < today : isEol,
    hasLts: typeof ltsFrom === 'string' ? ltsFrom <= today : isLts,
  }));
}

/** The life of the series a version belongs to, the longest name first: `1.34` before `1`. */
export function lifeOf(version: string, lives: readonly Life[]): Life | undefined {
  const bare = bareVersion(version);
  return lives
    .filter(
      ({ series }) =>
        bare === series || (bare.startsWith(series) && /^[^\d]/.test(bare.slice(series.length))),
    )
    .toSorted((a, b) => b.series.length - a.series.length)[0];
}
