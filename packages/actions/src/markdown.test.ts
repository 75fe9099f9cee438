import { describe, expect, it } from '@jest/globals';
import { plainLine } from './log-line.ts';
import { markdownTable, plainText } from './markdown.ts';
import { formatSummary } from './summary.ts';

it.each([
  ['<img src=x onerror=y>', '&#60;img src=x onerror=y&#62;'],
  ['a|b', 'a&#124;b'],
  ['[x](y)', '&#91;x&#93;(y)'],
  ['&lt;', '&#38;lt&#59;'],
  ['two\nlines', 'two<br>lines'],
  ['v1.2.3+k3s1', 'v1.2.3+k3s1'],
  ['😀', '&#128512;'],
])('shows %j in Markdown as it is', (text, shown) => expect(plainText(text)).toBe(shown));

it('keeps every cell in its row', () => {
  expect(markdownTable(['a', 'b'], [['1\n| x |', '`2`']]).at(-1)).toBe(
    '| 1<br>&#124; x &#124; | &#96;2&#96; |',
  );
});

describe('a summary', () => {
  it('stays below its limit and says that it was cut', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => [`version ${index}`]);
    const text = formatSummary([{ title: 'Many', head: ['version'], rows }], 2000);
    expect(Buffer.byteLength(text)).toBeLessThan(2100);
    expect(text).toContain('The rest is in the log');
  });

  it('leaves out a table without rows', () => {
    expect(formatSummary([{ title: 'None', head: ['a'], rows: [] }])).toBe('');
  });
});

it.each([
  '::error::x',
  '  ::set-output name=a::b',
  'text\n::add-mask::x',
  'text\r::stop-commands::x',
  '##[group]x',
])('makes %j something the runner only shows', (text) => {
  const lines = plainLine(text).split('\n');
  // What actions/runner looks for.
  expect(lines.some((line) => line.trimStart().startsWith('::') || line.includes('##['))).toBe(false);
});
