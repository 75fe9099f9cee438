/** A piece of a `MatchPattern=` (sysupdate.d(5)). */
export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `@v` and the like: read from a file name. */
  | { readonly kind: 'field'; readonly letter: string }
  /** `%a` and the like: every host has its own value. */
  | { readonly kind: 'host'; readonly letter: string };

export interface PatternFault {
  readonly about: 'version' | 'wildcard' | 'character' | 'specifier';
  readonly expected: string;
}

export type Pattern =
  | { readonly kind: 'pattern'; readonly parts: readonly PatternPart[] }
  | { readonly kind: 'broken'; readonly faults: readonly PatternFault[] };

const fieldLetters = ['v', 'u', 'f', 'a', 'g', 'r', 't', 'm', 's', 'd', 'l', 'h'];
const hostLetters = ['a', 'A', 'B', 'b', 'H', 'l', 'm', 'M', 'o', 'v', 'w', 'W', 'T', 'V'];

/** Reads a pattern as pattern_split() of sysupdate-pattern.c does, and names all that keeps systemd from using it. */
export function parsePattern(text: string): Pattern {
  const parts: PatternPart[] = [];
  const faults: PatternFault[] = [];
  const fault = (about: PatternFault['about'], expected: string): void =>
    void faults.push({ about, expected });
  const used = new Set<string>();
  for (const [token] of text.matchAll(/@[^]?|%[A-Za-z0-9%]|[^]/gu)) {
    const [sign = '', letter] = token;
    const last = parts.at(-1);
    if (sign === '@' && letter !== '@') {
      const known = letter !== undefined && fieldLetters.includes(letter);
      if (!known) fault('wildcard', `only @${fieldLetters.join(' @')}, and @@ for @ itself`);
      else if (used.has(letter) && letter !== 'v') fault('wildcard', `@${letter} once`);
      if (last?.kind === 'field') fault('wildcard', `something between @${last.letter} and ${token}`);
      if (letter === 'v' && used.has('v')) fault('version', 'exactly one @v');
      used.add(letter ?? '');
      parts.push({ kind: 'field', letter: letter ?? '' });
    } else if (sign === '%' && letter !== undefined && hostLetters.includes(letter)) {
      parts.push({ kind: 'host', letter });
    } else if (sign === '%' && letter !== undefined && letter !== '%') {
      fault('specifier', `only %${hostLetters.join(' %')}, and %% for % itself`);
    } else {
      const literal = token === '@@' || token === '%%' ? sign : token;
      if (/[^ -~]|[$*?[\]!\\|]/.test(literal)) fault('character', 'ASCII without $ * ? [ ] ! \\ |');
      // systemd 257 ends with a failed assertion.
      if (literal.startsWith('/') && last?.kind === 'field') fault('character', 'no "/" behind a wildcard');
      if (last?.kind === 'text') parts.splice(-1, 1, { kind: 'text', text: last.text + literal });
      else parts.push({ kind: 'text', text: literal });
    }
  }
  if (!used.has('v')) fault('version', 'exactly one @v');
  return faults.length > 0 ? { kind: 'broken', faults } : { kind: 'pattern', parts };
}
