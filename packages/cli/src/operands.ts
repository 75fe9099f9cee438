import type { Option } from 'commander';

/**
 * The words of a command line that are neither options nor their values. `known` are options that the command has; any
 * other is one of a recipe, and those take a value.
 */
export function operandsOf(words: readonly string[], known: readonly Option[]): string[] {
  const switches = new Set(
    known.filter(({ required, optional }) => !required && !optional).map(({ long }) => long),
  );
  const operands: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') return [...operands, ...words.slice(index + 1)];
    if (!word.startsWith('-')) operands.push(word);
    else if (!word.includes('=') && !switches.has(word) && word !== '--help') index += 1;
  }
  return operands;
}
