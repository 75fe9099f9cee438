import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A page of docs/. */
export function readPage(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, '../../../docs', name), 'utf8');
}

/** The block of code of a page that has these words, so that what is tested is what users read. */
export function blockWith(page: string, words: string): string {
  const blocks = page.split('```').filter((_text, index) => index % 2 === 1);
  const block = blocks.find((text) => text.includes(words));
  if (block === undefined) throw new Error(`docs: expected a block of code with ${words}`);
  return block.slice(block.indexOf('\n') + 1);
}
