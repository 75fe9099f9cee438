import { UserError } from '../diagnostics/user-error.ts';

/** How a pair looks, and how to say so. */
export interface PairForm {
  /** Its first two groups are what stands left and right of "=". */
  readonly pattern: RegExp;
  readonly shown: string;
}

/** Reads `FROM=TO,FROM=TO`; `source` names the text in errors, e.g. `BAKERY_MIRRORS`. */
export function parsePairs(
  text: string,
  source: string,
  { pattern, shown }: PairForm,
): (readonly [from: string, to: string])[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [, from, to] = pattern.exec(entry) ?? [];
      if (from !== undefined && to !== undefined) return [from, to];
      throw new UserError('input.invalid', `${source}: expected ${shown}, got "${entry}"`);
    });
}
