import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { unitSuites, wayToTheWorld } from './unit-suites.ts';

const checkout = join(import.meta.dirname, '../../../..');

it('are those that reach no program and no network, by themselves or by what supports them', async () => {
  await using root = await checkoutOf({
    'packages/core/src/pure.ts': "import { spawnExec } from './spawn.ts';",
    'packages/core/src/spawn.ts': "import { spawn } from 'node:child_process';",
    'packages/core/testing/bench.ts': "import { server } from './server.ts';",
    'packages/core/testing/server.ts': "import { createServer } from 'node:http';",
    'packages/core/src/pure.test.ts':
      "import { pure } from './pure.ts'; import type { Server } from 'node:http';",
    'packages/core/src/spawn.test.ts': "import { spawnExec } from './spawn.ts';",
    'packages/core/src/bench.test.ts': "import { bench } from '../testing/bench.ts';",
    'packages/core/src/pure.sweep.test.ts': "import { pure } from './pure.ts';",
  });
  expect(unitSuites(root.path)).toEqual([join(root.path, 'packages/core/src/pure.test.ts')]);
  expect(wayToTheWorld(join(root.path, 'packages/core/src/bench.test.ts'), root.path)).toEqual([
    'packages/core/src/bench.test.ts',
    'packages/core/testing/bench.ts',
    'packages/core/testing/server.ts',
    'node:http',
  ]);
});

it('are most suites of the recipe format, and none that put an image on a host', () => {
  const suites = unitSuites(checkout).map((suite) => suite.slice(checkout.length + 1));
  expect(suites.filter((suite) => suite.startsWith('packages/core/src/recipe/')).length).toBeGreaterThan(10);
  expect(suites.filter((suite) => /\bhost\b|e2e/.test(suite))).toEqual([]);
});

async function checkoutOf(files: Readonly<Record<string, string>>) {
  const root = await mkdtempDisposable(join(tmpdir(), 'unit-suites-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root.path, path)), { recursive: true });
    await writeFile(join(root.path, path), text);
  }
  return root;
}
