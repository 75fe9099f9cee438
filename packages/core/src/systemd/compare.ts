export type Order = -1 | 0 | 1;

/**
 * The order systemd puts versions in; never fails, any text has its place.
 * UAPI.10 version format specification, with the steps of strverscmp_improved() in systemd’s
 * src/fundamental/string-util-fundamental.c. `1.2.3-rc1` is newer than `1.2.3` here, unlike in semver.
 */
export function compareVersions(a: string, b: string): Order {
  const left = new Cursor(a);
  const right = new Cursor(b);
  for (;;) {
    left.skipSeparators();
    right.skipSeparators();
    let order = compareMark(left, right, '~');
    if (order !== 0) return order;
    if (left.atEnd || right.atEnd) return sign(Number(right.atEnd) - Number(left.atEnd));
    // No restart between the marks: systemd goes on from "-" to "^" to "." with what follows.
    for (const mark of ['-', '^', '.']) {
      order = compareMark(left, right, mark);
      if (order !== 0) return order;
    }
    order =
      left.atDigit || right.atDigit
        ? compareNumbers(left.take(digits), right.take(digits))
        : compareWords(left.take(letters), right.take(letters));
    if (order !== 0) return order;
  }
}

/** Newest first, for `toSorted`. */
export function newestFirst(a: string, b: string): Order {
  return compareVersions(b, a);
}

const separators = /[^A-Za-z0-9\-.~^]*/y;
const digits = /[0-9]*/y;
const letters = /[A-Za-z]*/y;

/** A spot in a version that only moves forward. */
class Cursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get char(): string {
    return this.#text.charAt(this.#at);
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  get atDigit(): boolean {
    return this.char >= '0' && this.char <= '9';
  }

  skipSeparators(): void {
    this.take(separators);
  }

  /** Moves past what the sticky `pattern` matches here and returns it. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const taken = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += taken.length;
    return taken;
  }

  step(): void {
    this.#at += 1;
  }
}

/** The side with the mark is older; a mark on both sides is passed. */
function compareMark(left: Cursor, right: Cursor, mark: string): Order {
  const here = left.char === mark;
  const there = right.char === mark;
  if (here && there) {
    left.step();
    right.step();
  }
  return sign(Number(there) - Number(here));
}

/** A number of any length; no number at all is older than zero. */
function compareNumbers(a: string, b: string): Order {
  if (a === '' || b === '') return sign(a.length - b.length);
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  return left.length === right.length ? compareText(left, right) : sign(left.length - right.length);
}

/** By ASCII, so capitals first; where one starts with the other, the longer is newer. */
function compareWords(a: string, b: string): Order {
  const shared = Math.min(a.length, b.length);
  const order = compareText(a.slice(0, shared), b.slice(0, shared));
  return order === 0 ? sign(a.length - b.length) : order;
}

function compareText(a: string, b: string): Order {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function sign(difference: number): Order {
  if (difference === 0) return 0;
  return difference < 0 ? -1 : 1;
}
