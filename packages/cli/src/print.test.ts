import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { printJson, visibleOn } from './print.ts';
import { showTable } from './table.ts';
import { terminalReport, type Screen } from './terminal-report.ts';

const hostile = '\u001b]0;x\u0007\u009b2J\u202e\r\u200b\ud800';

it('shows what others wrote in lists, tables, reports and JSON without acting upon it', async () => {
  const written: string[] = [];
  const screen: Screen = { write: (text) => written.push(text) };
  const out = visibleOn(screen);
  out.write(hostile);
  out.write(showTable([[hostile, 'x']]));
  printJson(out, { [hostile]: hostile });
  const report = terminalReport(screen);
  report.info(hostile);
  report.warn(hostile);
  await report.group(hostile, () => Promise.resolve());
  expect(written.join('').replaceAll(/[\n -~]/g, '')).toBe('');
});

it('is the only way to the terminal and to the log of a job', async () => {
  const root = join(import.meta.dirname, '../../..');
  const sources = await Array.fromAsync(glob('packages/{actions,cli,core}/src/**/*.ts', { cwd: root }));
  const direct = sources
    .filter((path) => !path.endsWith('.test.ts'))
    .filter((path) =>
      /console\.|process\.std(?:out|err)\.write|core\.(?:info|warning|error|notice|debug|startGroup|setFailed)\(|core\.summary/.test(
        readFileSync(join(root, path), 'utf8'),
      ),
    );
  expect(direct.toSorted()).toEqual([
    'packages/actions/src/log.ts',
    'packages/actions/src/parse-workflows.ts', // of our own workflows, in checks
    'packages/actions/src/summary.ts',
  ]);
});
