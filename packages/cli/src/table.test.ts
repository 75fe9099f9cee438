import { expect, it } from '@jest/globals';
import { showTable } from './table.ts';

it('aligns columns and leaves no blanks at line ends', () => {
  expect(
    showTable([
      ['a', 'long', ''],
      ['bbb', 'c', 'd'],
    ]),
  ).toBe('a    long\nbbb  c     d\n');
});

it('is no longer than what is in it, however wide a single cell', () => {
  const rows = [['x'.repeat(1_000_000), 'y'], ...Array.from({ length: 2000 }, () => ['a', 'b'])];
  expect(showTable(rows).length).toBeLessThan(2_000_000);
});
