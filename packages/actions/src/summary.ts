import * as core from '@actions/core';
import { markdownTable, plainText, type Cell } from './markdown.ts';

/** A chapter of a step summary: text or a table, from outside as they are. A table without rows is left out. */
export type Chapter =
  | { readonly title: string; readonly text: string }
  | {
      readonly title: string;
      readonly head: readonly string[];
      readonly rows: readonly (readonly Cell[])[];
    };

const summaryLimit = 900_000; // bytes; over 1 MiB GitHub drops the whole summary of the step

export async function writeSummary(chapters: readonly Chapter[]): Promise<void> {
  await core.summary.addRaw(formatSummary(chapters), true).write();
}

export function formatSummary(chapters: readonly Chapter[], limit = summaryLimit): string {
  let left = limit;
  const lines: string[] = [];
  for (const chapter of chapters) {
    const chapterLines = 'text' in chapter ? [plainText(chapter.text)] : tableOf(chapter);
    if (chapterLines.length === 0) continue;
    for (const line of [`### ${plainText(chapter.title)}`, '', ...chapterLines, '']) {
      left -= Buffer.byteLength(line) + 1;
      if (left < 0) return [...lines, '', 'The rest is in the log: a summary ends at 1 MiB.'].join('\n');
      lines.push(line);
    }
  }
  return lines.join('\n');
}

function tableOf({ head, rows }: Extract<Chapter, { head: unknown }>): string[] {
  return rows.length === 0 ? [] : markdownTable(head, rows);
}
