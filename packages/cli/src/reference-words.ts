/**
 * Options that are switches here and take `true` or `false` in flatcar/sysext-bakery, where every option takes a
 * value.
 */
const switches: ReadonlySet<string> = new Set(['--plain', '--latest', '--force-reload', '--sysupdate']);

/**
 * Turns a command line of the reference bakery into ours: `list --latest true` into `list --latest`, a switch
 * set to `false` into nothing, and the word `help` at the end, or at the start, into `--help`.
 */
export function readReferenceWords(words: readonly string[]): string[] {
  const plain: string[] = [];
  for (const [index, word] of words.entries()) {
    const before = words[index - 1];
    const isValue = before !== undefined && switches.has(before) && (word === 'true' || word === 'false');
    if (!isValue) plain.push(word);
    else if (word === 'false') plain.pop();
  }
  if (plain[0] === 'help') return [...plain.slice(1), '--help'];
  return plain.at(-1) === 'help' ? [...plain.slice(0, -1), '--help'] : plain;
}
