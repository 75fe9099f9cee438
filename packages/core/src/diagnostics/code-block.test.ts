import { expect, it } from '@jest/globals';
import { codeBlock } from './code-block.ts';

it.each([
  ['plain', '```text\nplain\n```\n'],
  ['ends in a line\n', '```text\nends in a line\n```\n'],
  ['``` and `````\n`````', '``````text\n``` and `````\n`````\n``````\n'],
])('shows %j as it is', (text, block) => {
  expect(codeBlock(text)).toBe(block);
});

it('takes a text of nothing but backticks', () => {
  expect(codeBlock('`'.repeat(500_000), 'diff')).toHaveLength(3 * 500_000 + 'diff'.length + 5);
});
