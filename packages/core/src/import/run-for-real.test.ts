import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { spawnExec } from '../ports/spawn.ts';
import { runForReal } from './run-for-real.ts';

it('fetches nothing for a script that asks for more addresses than any needs', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'run-for-real-'));
  const script = join(folder.path, 'greedy.sysext');
  const fetched = join(folder.path, 'fetched');
  for (const one of [script, fetched]) await mkdir(one);
  await writeFile(
    join(script, 'create.sh'),
    'populate_sysext_root() { for one in {1..201}; do curl -fsSLO "https://dl.example/$one" || true; done; }\n',
  );
  const asked: string[] = [];
  const run = { folder: script, name: 'greedy', version: '1.0', arch: 'x86-64' };
  const fetch = async (url: string): Promise<undefined> => void asked.push(url);
  const context = { exec: spawnExec(process.env), path: process.env['PATH'] ?? '', fetched, fetch };
  await expect(runForReal(run, context)).rejects.toThrow(
    'create.sh: expected at most 200 addresses to download from, got 201',
  );
  expect(asked).toEqual([]);
});
