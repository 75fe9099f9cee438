import { z } from 'zod';

/** A JavaScript regular expression, compiled with the `u` flag. */
export const Regex = z.string().refine(compiles, { error: 'expected a regular expression' });

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
