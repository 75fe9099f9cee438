const longestLine = 1_000; // characters; a URL of 800 fits, a page of HTML does not
const longestText = 20_000; // characters; two hundred findings of lint

/** A message whose parts from outside may be of any length, cut with its length said. */
export function capped(text: string): string {
  const lines = text
    .slice(0, 2 * longestText)
    .split('\n')
    .map((line) => cut(line, longestLine));
  const whole = lines.join('\n');
  return text.length > 2 * longestText || whole.length > longestText
    ? `${whole.slice(0, longestText)}… (${text.length} characters)`
    : whole;
}

function cut(line: string, longest: number): string {
  return line.length <= longest ? line : `${line.slice(0, longest)}… (${line.length} characters)`;
}
