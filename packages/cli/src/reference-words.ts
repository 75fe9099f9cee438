/**
 * Options that are switches here and take `true` or `false` in flatcar/sysext-bakery, where every option takes a
 * value.
 */
const switches: ReadonlySet<string> = new Set(['--plain', '--latest', '--force-reload', '--sysupdate']);

/** Verbs whose extension may be given there as its folder. */
const takesFolder: ReadonlySet<string> = new Set(['list', 'list-bakery', 'create']);

/**
 * Turns a command line of the reference bakery into ours: `list --latest true` into `list --latest`, a switch
 * set to `false` into nothing, `create k3s.sysext/ …` into `create k3s …`, and the word `help` at the end, or at the
 * start, into `--help`.
 */
export function readReferenceWords(words: readonly string[]): string[] {
  const plain: string[] = [];
  const mayBeFolder = words.some((word) => takesFolder.has(word));
  for (const [index, word] of words.entries()) {
    const before = words[index - 1];
    const isValue = before !== undefined && switches.has(before) && (word === 'true' || word === 'false');
    const isOption = before?.startsWith('--') === true && !switches.has(before) && !before.includes('=');
    if (!isValue) plain.push(isOption || !mayBeFolder ? word : withoutFolder(word));
    else if (word === 'false') plain.pop();
  }
  if (plain[0] === 'help') return [...plain.slice(1), '--help'];
  return plain.at(-1) === 'help' ? [...plain.slice(0, -1), '--help'] : plain;
}

function withoutFolder(word: string): string {
  return word.replace(/^(?:\.\/)?([^/]+)\.sysext\/?$/, '$1');
}
