import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { downloadCache } from './download-cache.ts';

// @actions/tool-cache reads the variables of the process itself.
const folder = mkdtempSync(join(tmpdir(), 'runner-'));
const runner = { RUNNER_TOOL_CACHE: join(folder, 'tools'), RUNNER_TEMP: join(folder, 'temp') };
const before = { ...process.env };

beforeAll(() => {
  for (const path of Object.values(runner)) mkdirSync(path);
  Object.assign(process.env, runner);
});

afterAll(() => {
  process.env = before;
  rmSync(folder, { recursive: true });
});

it('finds the folder of an earlier job with what it left there, and leaves nothing else behind', async () => {
  const { BAKERY_CACHE: first = '' } = await downloadCache(runner);
  writeFileSync(join(first, 'kept'), '');
  const again = await Promise.all([downloadCache(runner), downloadCache(runner)]);
  expect(again).toEqual([{ BAKERY_CACHE: first }, { BAKERY_CACHE: first }]);
  expect(await readdir(first)).toEqual(['kept']);
  expect(await readdir(runner.RUNNER_TEMP)).toEqual([]);
});

it('leaves a folder that somebody chose, and machines that are no runners, alone', async () => {
  expect(await downloadCache({ ...runner, BAKERY_CACHE: '/chosen' })).toEqual({});
  expect(await downloadCache({})).toEqual({});
});
