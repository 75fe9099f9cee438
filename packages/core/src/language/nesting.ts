/** How deep lists and objects of a JSON text nest, at most. */
export function jsonNesting(text: string): number {
  let [depth, deepest, isQuoted] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (isQuoted && char === '\\') at += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (char === '[' || char === '{') deepest = Math.max(deepest, (depth += 1));
    else if (char === ']' || char === '}') depth -= 1;
  }
  return deepest;
}

/** How deep brackets and list marks on one line of YAML nest, at most; text in quotes may make it more. */
export function yamlNesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const char of text) {
    if (char === '[' || char === '{') depth += 1;
    if ((char === ']' || char === '}') && depth > 0) depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  const marks = [...text.matchAll(/^(?:\s*[-?:]\s)+/gm)].map(([run]) => run.replaceAll(/\s/g, '').length);
  return marks.reduce((most, count) => Math.max(most, count), deepest);
}
