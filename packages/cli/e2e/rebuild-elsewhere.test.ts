import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { libraryVersions } from '@bakery/core/src/tools/library-versions.ts';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { type Ended, runWell } from './run-bakery.ts';

const checkout = join(import.meta.dirname, '../../..');
const rebuild = ['rebuild', 'alpha', '1.0.0', '--arch', 'arm64'];

let stack: AsyncDisposableStack;
let bakery: ExampleBakery;
/** Debian trixie, with the folder of the user and this checkout in it. */
let host: DebianHost;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  bakery = stack.use(await exampleBakery());
  await bakery.putOut('alpha', '1.0.0');
  const shared = [checkout, dirname(bakery.folder), dirname(process.execPath)];
  host = stack.use(await startHost(await debianRoot(), undefined, undefined, shared));
});
afterAll(() => stack.disposeAsync());

it('a version comes out again on Debian trixie, byte for byte where its libzstd is that of this machine, explained where it is not', async () => {
  await runWell(bakery, ['release', 'alpha:1.0.0', '--no-test']);
  const { stdout } = await there(...rebuild);
  const path = process.env['PATH'] ?? '';
  const { libzstd = 'none' } = await libraryVersions('mksquashfs', { exec: spawnExec(process.env), path });
  const differs = new RegExp(`\\n  libzstd: ${libzstd} when it was published, (\\S+) now\\n`).exec(stdout);
  if (differs === null) expect(stdout).toMatch(/^alpha 1\.0\.0 arm64: the same bytes, /);
  else {
    expect(stdout).toMatch(/^alpha 1\.0\.0 arm64: the same files, packed otherwise: /);
    expect(stdout).toMatch(/\n {2}which explains it\n$/);
  }
});

it('one of trixie is the same there, and here what that library makes of it', async () => {
  await there('release', 'alpha:1.0.0', '--no-test', '--store', 'dir:there');
  const same = await there(...rebuild, '--store', 'dir:there');
  expect(same.stdout).toMatch(/^alpha 1\.0\.0 arm64: the same bytes, /);
  const { stdout } = await runWell(bakery, [...rebuild, '--store', 'dir:there']);
  expect(stdout).toMatch(/the same bytes, |the same files, [^]*\n {2}which explains it\n$/);
});

/** Runs the bakery in the host, where it must end well. */
async function there(...args: readonly string[]): Promise<Ended> {
  const main = join(checkout, 'packages/cli/src/main.ts');
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', main];
  const ended = await host.run('env', ['--chdir', bakery.folder, ...node, ...args], {
    env: { ...bakery.env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  expect({ code: ended.code, stderr: ended.code === 0 ? '' : ended.stderr }).toEqual({ code: 0, stderr: '' });
  return ended;
}
