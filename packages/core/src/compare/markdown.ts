import { visible } from '../diagnostics/visible.ts';
import type { Comparison } from './comparison.ts';
import { showComparison } from './show-comparison.ts';

const mostLines = 30; // of each kind; GitHub cuts release notes at 125,000 characters, and people stop reading before

/** A comparison for release notes and summaries. Names of files are upstream’s: nothing in them is Markdown. */
export function comparisonMarkdown(comparison: Comparison): string {
  const text = visible(showComparison(comparison, mostLines));
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${text}${fence}\n`;
}
