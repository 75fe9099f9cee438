import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { readDynamic } from '@bakery/core/src/steps/dynamic.ts';
import { runBakery, runWell } from './run-bakery.ts';

const exec = spawnExec(process.env);
let stack: AsyncDisposableStack;
let root: string;
let here: { readonly folder: string; readonly env: Record<string, string> };
let count = 0;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'roots-'))).path;
  root = join(folder, 'root');
  await copyProgram('/usr/bin/id');
  mkdirSync(join(root, 'etc'));
  here = { folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder, TMPDIR: folder } };
});
beforeEach(() => {
  count += 1;
  const folder = join(dirname(root), `run-${count}`);
  mkdirSync(folder);
  here = { ...here, folder };
});
afterAll(() => stack.disposeAsync());

/** A program of this machine with the libraries it needs, as another system. */
async function copyProgram(program: string): Promise<void> {
  const { stdout } = await exec.run('ldd', [program]);
  const libraries = [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path]) => path ?? '');
  for (const path of [program, ...libraries]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(path, join(root, path));
    chmodSync(join(root, path), 0o755);
  }
}

/** What a private root is built of, as its script says. */
function partsIn(name: string): string[] {
  return readFileSync(join(here.folder, name, `usr/lib/flatwrap/${name}/enter`), 'utf8')
    .split('\n')
    .filter((line) => /^ {2}(from_|ln)/.test(line))
    .map((line) => line.trim());
}

describe('bakery flix', () => {
  it('makes a folder with programs that use their own libraries', async () => {
    const { stdout } = await runWell(here, ['flix', root, 'tool', '/usr/bin/id']);
    expect(stdout).toBe(`${here.folder}/tool\n`);
    const dynamic = await readDynamic(join(here.folder, 'tool/usr/bin/id'), exec);
    expect(dynamic?.interpreter).toMatch(/^\/usr\/lib\/flix\/tool\/ld-/);
    expect(dynamic?.runPath).toEqual(['/usr/lib/flix/tool']);
  });

  it('takes extra libraries from options, or from EXTRALIBS as the original does', async () => {
    const missing = await runBakery(here, ['flix', root, 'a', '/usr/bin/id', '--extra-libs', 'libno.so.1']);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('needs libno.so.1') });
    expect(existsSync(join(here.folder, 'a'))).toBe(false);
    const named = await runBakery(here, ['flix', root, 'b', '/usr/bin/id'], {
      env: { EXTRALIBS: 'libnot.so.1' },
    });
    expect(named).toMatchObject({ code: 1, stderr: expect.stringContaining('needs libnot.so.1') });
  });

  it('replaces no folder', async () => {
    mkdirSync(join(here.folder, 'tool'));
    writeFileSync(join(here.folder, 'tool/mine'), '');
    expect(await runBakery(here, ['flix', root, 'tool', '/usr/bin/id'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'bakery: tool: expected no folder of that name, or an empty one\nhint: remove it first\n',
    });
  });
});

describe('bakery flatwrap', () => {
  it('makes a wrapper that runs a program in the root', async () => {
    await runWell(here, ['flatwrap', root, 'tool', '/usr/bin/id']);
    const made = join(here.folder, 'tool');
    const ran = await exec.run(join(made, 'usr/bin/id'), ['-u'], { env: { FLATWRAP_ROOT: made } });
    expect(ran).toEqual({ code: 0, stdout: `${process.getuid?.()}\n`, stderr: '' });
    expect(partsIn('tool')).toContain('from_host /etc');
  });

  it('takes sides from options, or from the variables of the original', async () => {
    await runWell(here, ['flatwrap', root, 'a', '/usr/bin/id', '--etc', 'chroot', '--host', '/dev', '/proc']);
    expect(partsIn('a')).toContain('from_root /etc');
    expect(partsIn('a').filter((part) => part.startsWith('from_host'))).toEqual(
      ['/dev', '/home', '/proc', '/var'].map((path) => `from_host ${path}`),
    );
    const env = { ETCMAP: 'chroot', HOST: '/dev', CHROOT: '/usr', VARMAP: 'chroot', HOMEMAP: 'host' };
    await runWell(here, ['flatwrap', root, 'b', '/usr/bin/id'], { env });
    expect(partsIn('b')).toEqual(['from_host /dev', 'from_root /etc', 'from_host /home', 'from_root /usr']);
  });

  it.each([
    [{ ETCMAP: 'both' }, ['/usr/bin/id'], 2, 'ETCMAP: expected chroot or host, got "both"'],
    [{}, ['/usr/bin/none'], 1, 'expected /usr/bin/none in the root, got nothing'],
    [{}, ['/bin/id'], 1, 'expected a target below /usr or /opt, got "/bin/id"'],
  ])('refuses %j %j', async (env, entries, code, message) => {
    const ended = await runBakery(here, ['flatwrap', root, 'tool', ...entries], { env });
    expect(ended).toMatchObject({ code, stderr: expect.stringContaining(message) });
  });
});

describe('bakery oci-rootfs', () => {
  it('refuses an architecture nobody knows', async () => {
    expect(await runBakery(here, ['oci-rootfs', 'alpine', 'x', '--arch', 'vax', '--offline'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        '--arch: expected one of x86-64, x86_64, amd64, arm64, aarch64, riscv64, got "vax"',
      ),
    });
  });
});
