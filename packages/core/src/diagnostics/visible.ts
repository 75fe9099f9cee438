/**
 * Text from outside as a terminal or log may show it: what moves the cursor, colours, hides or turns the text around is
 * shown as `\u{1b}`. Line feeds and tabs stay.
 */
export function visible(text: string): string {
  return text.replaceAll(unseen, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A JSON document in which the same is escaped in JSON’s own way. */
export function visibleJson(data: unknown, indent?: number): string {
  return JSON.stringify(data, undefined, indent).replaceAll(unseen, (char) =>
    char.replaceAll(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

// C0, DEL and C1; bidi controls, zero-width and other format characters; halves of surrogate pairs; line separators.
const unseen = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
