import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.putOut('alpha', '1.0.0');
});
afterAll(async () => bakery[Symbol.asyncDispose]());

/** What flatcar/sysext-bakery does for a version: an image an arch, all of their hashes in one file. */
const loop = `set -eu
for arch in x86-64 arm64; do
  target=alpha-1.0.0-$arch
  "$NODE" --disable-warning=ExperimentalWarning "$MAIN" create alpha.sysext/ 1.0.0 --arch $arch --sysupdate true --output-file $target$ENDING
  cat SHA256SUMS.alpha >> SHA256SUMS
done
sha256sum -c SHA256SUMS`;

it.each(['', '.raw'])('publishes by its release loop, with "%s" behind names', async (ending) => {
  const folder = join(bakery.folder, `loop${ending}`);
  await bakery.write(
    `loop${ending}/bakery.yaml`,
    'recipes: [../recipes]\nhub: https://hub.example/extensions\n',
  );
  const env = {
    ...bakery.env,
    NODE: process.execPath,
    MAIN: join(import.meta.dirname, '../src/main.ts'),
    ENDING: ending,
  };
  const { stdout } = await promisify(execFile)('sh', ['-c', loop], { cwd: folder, env });
  expect(stdout).toMatch(/alpha-1\.0\.0-x86-64\.raw: OK\nalpha-1\.0\.0-arm64\.raw: OK\n$/);
  const names = await readdir(folder);
  expect(names.filter((name) => name.endsWith('.raw')).toSorted()).toEqual([
    'alpha-1.0.0-arm64.raw',
    'alpha-1.0.0-x86-64.raw',
  ]);
  expect(await readFile(join(folder, 'alpha.conf'), 'utf8')).toContain(
    'Path=https://hub.example/extensions/alpha/\n',
  );
});

it('says that a transfer file leads to this machine when no hub is known', async () => {
  const { stderr } = await runWell(bakery, ['create', 'alpha', '1.0.0', '--sysupdate', 'true']);
  expect(stderr).toContain(
    'warning: alpha.conf sends hosts to http://127.0.0.1:8080/alpha/, which only this machine can reach',
  );
});

it('says that there is no store to list, instead of listing nothing', async () => {
  const { code, stdout, stderr } = await runBakery(bakery, ['list-bakery', 'alpha']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(
    'dir:out: expected a store with releases in it, found none\nhint: --store github:OWNER/REPO',
  );
});

it('says what of .env belongs into bakery.yaml', async () => {
  await writeFile(join(bakery.folder, '.env'), 'bakery="own/fork"\n');
  const { stderr } = await runWell(bakery, ['list', 'alpha', '--latest', 'true']);
  expect(stderr).toContain(
    'warning: .env is not read; to the same effect write into bakery.yaml: store: github:own/fork',
  );
});
