import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';

const run = promisify(execFile);
const main = join(import.meta.dirname, '../src/main.ts');

let bakery: ExampleBakery;
/** All that a command may write to. */
let writable: readonly string[];
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.putOut('alpha', '1.0.0');
  await bakery.putOut('gamma', '2.0.0');
  await bakery.write('release_build_versions.txt', 'alpha latest\ngamma latest\n');
  const { TMPDIR = '', BAKERY_CACHE = '', HOME = '' } = bakery.env;
  // The cache of npm is where npm says.
  const caches = [BAKERY_CACHE, join(HOME, '.npm')];
  writable = [TMPDIR, ...caches, join(bakery.folder, 'out'), join(bakery.folder, 'images')];
  await Promise.all(writable.map((folder) => mkdir(folder, { recursive: true })));
});
afterAll(async () => bakery[Symbol.asyncDispose]());

/**
 * Binds what may be written to onto itself, and makes every other mount read-only: the kernel refuses a write
 * anywhere else, whoever makes it. What stays are devices and what the kernel itself keeps in /proc and /sys.
 */
const script = `
set -eu
count=$1; shift
while [ "$count" -gt 0 ]; do mount --bind "$1" "$1"; kept="\${kept:-}
$1"; count=$((count - 1)); shift; done
cut -d' ' -f5 /proc/self/mountinfo | while read -r point; do
  case "$point" in /proc|/proc/*|/sys|/sys/*|/dev|/dev/pts|/dev/mqueue) continue ;; esac
  printf '%s\\n' "$kept" | grep -qxF -- "$point" || mount -o remount,bind,ro "$point"
done
! touch / /tmp/outside /var/tmp/outside "$HOME/outside" "$PWD/outside" /dev/shm/outside 2>/dev/null
exec "$@"
`;

function confined(folder: string, ...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', main, ...args];
  const shell = ['sh', '-c', script, 'sh', String(writable.length), ...writable, ...command];
  return run('unshare', ['--mount', '--propagation=private', '--', ...shell], {
    cwd: join(bakery.folder, folder),
    env: bakery.env,
  }).catch((error: Error & { readonly stdout: string }) => {
    throw new Error(`${error.message}\n${error.stdout}`, { cause: error });
  });
}

it('cannot build into another folder here, so that the rest of this file proves something', async () => {
  await expect(confined('.', 'create', 'alpha', '1.0.0')).rejects.toThrow(/read-only/i);
});

it.each(['squashfs', 'erofs', 'ext4', 'btrfs'])('creates and verifies a %s image', async (format) => {
  const create = ['create', 'alpha', '1.0.0', '--recipes', '../recipes', '--format', format];
  await confined('images', ...create);
  const { stdout } = await confined('images', 'verify', 'alpha.raw', '--recipes', '../recipes');
  expect(stdout).toContain('good');
});

it('tries an image on this machine', async () => {
  const { stdout } = await confined('images', 'test', 'alpha.raw', '--recipes', '../recipes');
  expect(stdout).toContain('  ok      alpha\n');
});

it('releases into a folder, from web servers and from npm, and builds it again', async () => {
  await confined('.', 'release', '--store', 'dir:out');
  expect(await readdir(join(bakery.folder, 'out'))).toEqual(
    expect.arrayContaining(['alpha-1.0.0', 'gamma-2.0.0', 'SHA256SUMS']),
  );
  await confined('.', 'check', '--store', 'dir:out');
  const { stdout } = await confined('.', 'rebuild', 'alpha', '1.0.0', '--store', 'dir:out');
  expect(stdout).toContain('arm64: the same bytes');
});

it('leaves nothing in the folder for scratch files', async () => {
  expect(await readdir(bakery.tmpdir)).toEqual([]);
});
