import { mkdir, mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Exec } from '@bakery/core/src/ports/exec.ts';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { npmSettings } from './npm-settings.ts';

const repository = join(import.meta.dirname, '../../..');
/** What a fresh Debian has: no Node.js of ours, no pnpm. */
const plainPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

it('runs from a fresh clone with an empty home, fetching what it needs', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fresh-'));
  const [home, clone] = [join(folder.path, 'home'), join(folder.path, 'clone')];
  await mkdir(home);
  const exec = spawnExec({ PATH: plainPath, HOME: home });
  const env = npmSettings(process.env);
  await runChecked(exec, 'git', ['clone', '--quiet', repository, clone]);
  const bakery = (...args: string[]) => runChecked(exec, './bakery', args, { cwd: clone, env });

  expect(await bakery('list')).toMatch(/^nodejs +x86-64 arm64 +npm /m);
  const { megabytes, packages } = await weigh(join(clone, 'node_modules'), exec);
  expect(megabytes).toBeLessThanOrEqual(60);
  expect(packages).toBeLessThanOrEqual(70);
  const created = await bakery('create', 'deno', '2.7.7', '--compression', 'gzip', '--level', '1');
  expect(created).toMatch(/\/clone\/deno\.raw {2}\d+\.\d MB {2}sha256:[0-9a-f]{64}\n$/);
  expect(await bakery('verify', 'deno.raw')).toMatch(/^deno\.raw: good: deno x86-64, squashfs, /);
  expect(await readdir(home)).toEqual(expect.arrayContaining(['.cache']));
  expect(await runChecked(exec, 'git', ['status', '--porcelain'], { cwd: clone })).toMatch(
    /^(\?\? (SHA256SUMS\.deno|deno\.inputs\.json)\n)*$/,
  );
});

async function weigh(folder: string, exec: Exec): Promise<{ megabytes: number; packages: number }> {
  const size = await runChecked(exec, 'du', ['--summarize', '--block-size=1M', folder]);
  const packages = (await readdir(join(folder, '.pnpm'))).filter((name) => name.includes('@'));
  return { megabytes: Number.parseInt(size, 10), packages: packages.length };
}
