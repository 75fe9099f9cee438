import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';

const main = join(import.meta.dirname, '../src/main.ts');
const run = promisify(execFile);
const mounted: string[] = [];

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.write('release_build_versions.txt', 'alpha latest\n');
  await bakery.putOut('alpha', '1.0.0');
});
afterAll(async () => {
  for (const path of mounted) await run('umount', [path]);
  await bakery[Symbol.asyncDispose]();
});

/** What is wrong with a folder, how it gets like that, and what the bakery says of it. */
const faults = [
  [
    'full',
    (path: string) => mount(path, ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs']),
    /the disk is full|No space left/,
  ],
  [
    'read-only',
    (path: string) => mount(path, ['-t', 'tmpfs', '-o', 'ro', 'tmpfs']),
    /the file system is read-only|Read-only file system/,
  ],
  ['of another user', (path: string) => give(path), /permission denied/],
  ['a file', (path: string) => writeFile(path, ''), /expected a folder, found|not a directory/i],
] as const;

describe.each(faults)('a folder that is %s', (name, spoil, said) => {
  it.each([
    ['store', (path: string) => release({ store: path })],
    ['cache', (path: string) => release({ cache: path })],
    ['scratch folder', (path: string) => release({ temporary: path })],
  ] as const)('is told when it is the %s', async (what, start) => {
    const path = join(bakery.folder, `${name} ${what}`.replaceAll(' ', '-'));
    await spoil(path);
    const { code, output } = await start(path);
    expect(output).not.toMatch(/this is a bug|^ +at /m);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(said) });
    // Of a tree it is told where in the image it broke off.
    expect(output.includes(path) || output.includes('set TMPDIR')).toBe(true);
  });
});

it.each(faults.slice(0, 3))('a folder for an image that is %s is told', async (name, spoil, said) => {
  const path = join(bakery.folder, `${name} output`.replaceAll(' ', '-'));
  await spoil(path);
  const { code, output } = await bakeryIn(path, [
    'create',
    'alpha',
    '1.0.0',
    '--recipes',
    join(bakery.folder, 'recipes'),
  ]);
  expect(output).not.toMatch(/this is a bug|^ +at /m);
  expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(said) });
});

interface Places {
  readonly store?: string;
  readonly cache?: string;
  readonly temporary?: string;
}

let runs = 0;

function release({ store, cache, temporary }: Places) {
  runs += 1;
  const env = {
    BAKERY_CACHE: cache ?? join(bakery.folder, `cache-${runs}`),
    ...(temporary === undefined ? {} : { TMPDIR: temporary }),
  };
  return bakeryIn(bakery.folder, ['release', '--store', `dir:${store ?? `store-${runs}`}`], env);
}

/** Root without the right to pass over the rights of others. */
async function bakeryIn(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', main, ...args];
  const ended = run('setpriv', ['--bounding-set=-dac_override,-dac_read_search,-fowner', ...node], {
    cwd,
    env: { ...bakery.env, ...env },
  });
  return ended.then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      output: error.stdout + error.stderr,
    }),
  );
}

async function mount(path: string, args: readonly string[]): Promise<void> {
  await mkdir(path);
  await run('mount', [...args, path]);
  mounted.push(path);
}

async function give(path: string): Promise<void> {
  await mkdir(path);
  await chmod(path, 0o700);
  await chown(path, 65534, 65534);
}
