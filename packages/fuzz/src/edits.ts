import * as fc from 'fast-check';

/** Small changes of a file. */
export type Edit =
  | { readonly kind: 'flip'; readonly at: number; readonly bits: number }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly text: string };

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const length = fc.nat({ max: 600 });

/** What breaks readers: numbers at their limits, control characters, other languages' syntax. */
export const nasty = fc.constantFrom(
  '\0',
  '\n',
  '\r\n',
  '\u{1B}[31m',
  '\u{202E}',
  '\u{FEFF}',
  '..',
  '../',
  '/',
  '//',
  '%',
  '%2e%2e',
  '@v',
  '@',
  '{}',
  '{version}',
  '${x}',
  '!!',
  '*a',
  '&a ',
  '<<: ',
  '[[[[',
  '- - - ',
  ': ',
  '#',
  "'",
  '"',
  '-',
  '--x=y',
  '0',
  '-1',
  '9'.repeat(40),
  'é',
  '\u{D800}',
  'x'.repeat(300),
  '~',
  '^',
  '__proto__',
  'constructor',
);

/** Texts of plain letters and nasty pieces. */
export const nastyText = fc
  .array(fc.oneof(nasty, fc.string({ maxLength: 8 }), fc.constantFrom('a', '.', ' ', '  ', '1.2', 'v1')), {
    maxLength: 20,
  })
  .map((pieces) => pieces.join(''));

export function edits(most: number): fc.Arbitrary<readonly Edit[]> {
  return fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('flip' as const), at: place, bits: fc.integer({ min: 1, max: 255 }) }),
      fc.record({ kind: fc.constant('cut' as const), at: place, length }),
      fc.record({ kind: fc.constant('repeat' as const), at: place, length }),
      fc.record({ kind: fc.constant('insert' as const), at: place, text: nasty }),
    ),
    { minLength: 1, maxLength: most },
  );
}

export function edited(file: Buffer, changes: readonly Edit[]): Buffer {
  return changes.reduce<Buffer>(apply, file);
}

function apply(bytes: Buffer, change: Edit): Buffer {
  const at = Math.floor(change.at * bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  if (change.kind === 'insert') return Buffer.concat([before, Buffer.from(change.text), after]);
  if (change.kind === 'cut') return Buffer.concat([before, after.subarray(change.length)]);
  if (change.kind === 'repeat') return Buffer.concat([before, after.subarray(0, change.length), after]);
  const flipped = after.subarray(0, 1).map((byte) => byte ^ change.bits);
  return Buffer.concat([before, flipped, after.subarray(1)]);
}
