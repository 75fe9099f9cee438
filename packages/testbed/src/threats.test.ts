import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const checkout = join(import.meta.dirname, '../../..');

it('names, for each threat that something holds back, a test that there is', async () => {
  const page = await readFile(join(checkout, 'docs/threats.md'), 'utf8');
  const [held = ''] = page.slice(page.indexOf('## What holds whom back')).split('## What is not defended');
  const rows = held
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\| (?:it|they|what)\b|^\|---/.test(line));
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) {
    const test = /\| `(packages\/[^`]+\.test\.ts)` \|$/.exec(row)?.[1];
    expect({ row, test }).toEqual({ row, test: expect.any(String) });
    await access(join(checkout, test ?? ''));
  }
});

it.each(['SECURITY.md', 'docs/architecture.md'])('is linked from %s', async (page) => {
  expect(await readFile(join(checkout, page), 'utf8')).toContain('threats.md)');
});
