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
