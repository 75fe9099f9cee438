import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const docs = join(import.meta.dirname, '../../../docs');
const rows = [
  ...(await readFile(join(docs, 'traps.md'), 'utf8')).matchAll(/^\| (\d+) \|.*\| (.*) \|$/gm),
].map(([, number = '', backing = '']) => ({ number: Number(number), backing }));

describe('docs/traps.md', () => {
  it('has all 67, in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 67 }, (_, index) => index + 1));
  });

  it.each(rows)('names files that are there and tests that are in them for $number', async ({ backing }) => {
    if (backing === 'open') return;
    const files = [...backing.matchAll(/\[[^\]]+\]\(([^)]+)\)((?: “[^”]+”)*)/g)];
    expect(files).not.toEqual([]);
    for (const [, path = '', quotes = ''] of files) {
      const text = await readFile(join(docs, path), 'utf8');
      for (const [, title = ''] of quotes.matchAll(/“([^”]+)”/g)) expect(text).toContain(title);
    }
  });
});
