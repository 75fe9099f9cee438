import { z } from 'zod';

const comparator = /^(<|<=|>|>=|=)?\s*v?\d[A-Za-z0-9.,_+-]*$/;

/** Comparators joined by spaces, all of which must hold: `>=1.26 <2`. A leading `v` does not matter. */
export const VersionRange = z.string().refine(
  (text) =>
    text.trim() !== '' &&
    text
      .trim()
      .split(/(?<![<>=])\s+/)
      .every((part) => comparator.test(part)),
  {
    error: 'expected comparators like "<1.26" or ">=1.26 <2"',
  },
);
export type VersionRange = z.infer<typeof VersionRange>;
