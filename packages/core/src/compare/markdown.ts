import { codeBlock } from '../diagnostics/code-block.ts';
import { visible } from '../diagnostics/visible.ts';
import type { Comparison } from './comparison.ts';
import { showComparison } from './show-comparison.ts';

const mostLines = 30; // of each kind; people stop reading there
const mostText = 20_000; // characters; GitHub takes notes of 125,000

/** A comparison for release notes and summaries. Names of files are upstream’s: nothing in them is Markdown. */
export function comparisonMarkdown(comparison: Comparison): string {
  const whole = visible(showComparison(comparison, mostLines));
  const text = whole.length > mostText ? `${whole.slice(0, mostText)}…\n` : whole;
  return codeBlock(text, 'diff');
}
