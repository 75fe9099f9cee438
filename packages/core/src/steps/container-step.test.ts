import { spawn } from 'node:child_process';
import {
  lchownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtempDisposable, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEngine, startEngines, type TestEngine } from '@bakery/testbed/containers/engine.ts';
import { gitServer } from '@bakery/testbed/git-server.ts';
import { machineArch } from '@bakery/testbed/machine-arch.ts';
import { until } from '@bakery/testbed/patience.ts';
import { withEnvironment } from '@bakery/testbed/with-environment.ts';
import { testContext } from '../../testing/step-context.ts';
import { archNames } from '../names/arch.ts';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import { parseElfHeader } from '../stage/checks/elf-header.ts';
import { createTree } from '../stage/tree.ts';
import type { BuildContext } from './build-context.ts';
import { inputFolder, outputFolder } from './container-args.ts';
import { type Container, containerStep } from './container-step.ts';
import { inputIn, runContainer } from './container.ts';
import { type Engine, engines } from './engine.ts';

const pinned = `docker.io/library/alpine@sha256:${'a'.repeat(64)}`;
let stack: AsyncDisposableStack;
let folder: string;
let started: Readonly<Record<Engine, TestEngine>>;
let engine: TestEngine;
let repository: string;
let served: string;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'containers-'))).path;
  started = await startEngines(folder, stack);
  repository = await gitRepository();
  served = stack.use(await gitServer(folder)).url;
});
afterAll(() => stack.disposeAsync());

const git = withEnvironment(spawnExec(process.env), {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
});

/** A C program at v1.0, and a later commit that does not compile. */
async function gitRepository(): Promise<string> {
  const path = join(folder, 'hello.git');
  mkdirSync(path);
  const run = (...args: string[]) => runChecked(git, 'git', ['-C', path, ...args]);
  await run('init', '--quiet', '--initial-branch=main');
  writeFileSync(
    join(path, 'hello.c'),
    '#include <stdio.h>\nint main(void) { puts("hello " VERSION); return 0; }\n',
  );
  await run('add', '.');
  await run('commit', '--quiet', '--message=one');
  await run('tag', '--annotate', '--message=v1.0', 'v1.0');
  writeFileSync(join(path, 'hello.c'), 'nonsense\n');
  await run('commit', '--quiet', '--all', '--message=two');
  return path;
}

function context(changes: Partial<BuildContext> = {}): Promise<BuildContext> {
  return testContext(engine, folder, { images: [{ from: pinned, to: engine.image }], ...changes });
}

function script(text: string): string {
  const path = join(folder, `build-${scripts++}.sh`);
  writeFileSync(path, `#!/bin/sh\nset -eu\n${text}\n`); // without the exec bit, as a checkout may have it
  return path;
}
let scripts = 0;

async function build(text: string, step: Partial<Container> = {}, changes: Partial<BuildContext> = {}) {
  const root = await mkdtemp(join(folder, 'tree-'));
  const tree = createTree(root);
  const whole = { image: pinned, script: script(text), network: false, take: { usr: '/usr' }, ...step };
  const record = await containerStep.run(whole, tree, await context(changes));
  return { record, tree, root };
}

describe.each(engines)('a build in a container, with %s', (which) => {
  beforeAll(() => void (engine = started[which]));

  it('compiles a tag of a repository, patched, and records the commit it stands for', async () => {
    const patch = join(folder, 'greet.patch');
    writeFileSync(
      patch,
      '--- a/hello.c\n+++ b/hello.c\n@@ -1,2 +1,2 @@\n #include <stdio.h>\n-int main(void) { puts("hello " VERSION); return 0; }\n+int main(void) { puts("good day " VERSION); return 0; }\n',
    );
    const { record, root, tree } = await build(
      'ls -A hello; mkdir -p "$OUT/usr/bin"\ntcc -DVERSION="\\"$VERSION\\"" -o "$OUT/usr/bin/hello" hello/hello.c\n' +
        'ln -s hello "$OUT/usr/bin/hi"; echo "$ARCH $JOBS $SOURCE_DATE_EPOCH $EXTRA" >"$OUT/usr/env"; chmod 0600 "$OUT/usr/env"',
      {
        sources: { hello: { kind: 'git', git: `${served}/hello.git`, ref: 'v1.0', submodules: false } },
        patches: [{ path: patch }],
        env: { EXTRA: 'more' },
      },
    );
    const program = join(root, 'usr/bin/hello');
    expect((await git.run(program, [])).stdout).toBe('good day 1.0\n');
    expect(readFileSync(join(root, 'usr/env'), 'utf8')).toBe(`${machineArch} 3 1700000000 more\n`);
    expect(readlinkSync(join(root, 'usr/bin/hi'))).toBe('hello');
    expect(lstatSync(program)).toMatchObject({ uid: process.getuid?.(), gid: process.getgid?.() });
    expect(lstatSync(program).mode & 0o7777).toBe(0o755);
    expect(tree.written.get('/usr/bin/hello')?.by).toBe('output of the build of hello');
    const commit = (await git.run('git', ['-C', repository, 'rev-parse', 'v1.0^{commit}'])).stdout.trim();
    expect(record).toMatchObject({
      step: 'container',
      image: { reference: pinned, used: engine.image, id: expect.stringMatching(/^(sha256:)?[0-9a-f]{64}$/) },
      sources: [{ ref: 'v1.0', commit }],
    });
  });

  it('has no network unless it is declared', async () => {
    const { root } = await build('mkdir -p "$OUT/usr"; cat /proc/net/dev >"$OUT/usr/dev"');
    const devices = readFileSync(join(root, 'usr/dev'), 'utf8').match(/^ *\w+:/gm);
    expect(devices?.map((name) => name.trim())).toEqual(['lo:']);
  });

  it.each([
    ['setuid', 'chmod 4755 "$OUT/usr/x"', 'got setuid'],
    ['a link out of the image', 'ln -s /etc/shadow "$OUT/usr/link"', 'expected a link to somewhere in /usr'],
    ['a link above it', 'ln -s ../../../etc "$OUT/usr/link"', 'expected a link to somewhere in /usr'],
    ['a pipe', 'mkfifo "$OUT/usr/pipe"', 'got a fifo'],
  ])('refuses output with %s', async (_what, command, message) => {
    const work = build(`mkdir -p "$OUT/usr"; echo >"$OUT/usr/x"; ${command}`);
    await expect(work).rejects.toThrow(message);
  });

  it('lets nobody make a device, by which root could read a disk of this machine', async () => {
    const work = build('mknod /tmp/null c 1 3');
    await expect(work).rejects.toThrow(/mknod: .*null.*: Operation not permitted/);
  });

  it('refuses to write what is already in the tree', async () => {
    const root = await mkdtemp(join(folder, 'tree-'));
    const tree = createTree(root);
    tree.file('/usr/x', 'mine', 0o644, 'files');
    const step = {
      image: pinned,
      script: script('mkdir -p "$OUT/usr"; echo >"$OUT/usr/x"'),
      network: false,
      take: { usr: '/usr' },
    };
    await expect(containerStep.run(step, tree, await context())).rejects.toThrow('expected one writer');
  });

  it('shows the end of the log of a failed build, and keeps all of it', async () => {
    const work = build('i=0; while [ $i -lt 50 ]; do echo "line $i"; i=$((i+1)); done; exit 7');
    await expect(work).rejects.toMatchObject({
      message: expect.stringMatching(
        /^hello 1\.0 for [\w-]+: run build-\d+\.sh: ended with exit code 7\n  line 30\n/,
      ),
      hint: `the whole log is in ${folder}/bakery-log-hello-1.0-${machineArch}.txt`,
    });
    expect(readFileSync(join(folder, `bakery-log-hello-1.0-${machineArch}.txt`), 'utf8')).toContain(
      'line 0\n',
    );
    expect(await containers()).toEqual([]);
  });

  it('says which tags there are not', async () => {
    const work = build('true', {
      sources: { hello: { kind: 'git', git: `${served}/hello.git`, ref: 'v9', submodules: false } },
    });
    await expect(work).rejects.toThrow(`${served}/hello.git: expected a tag or branch "v9", found none`);
  });

  it('says which image is missing and how to put another in its place', async () => {
    const changes = { images: [{ from: pinned, to: 'localhost/none:at-all' }], offline: true };
    await expect(build('true', {}, changes)).rejects.toThrow(
      `image localhost/none:at-all: expected it for ${machineArch} in the store of ${engine.name}, to work offline`,
    );
  });

  it('shows a script nothing of this machine: no variable, no folder, no network, no way to more rights', async () => {
    const exec = spawnExec({
      ...process.env,
      ...engine.env,
      GITHUB_TOKEN: 'secret',
      http_proxy: 'http://u:secret@x',
    });
    const { ports } = await context();
    const look = `mkdir -p "$OUT/usr"; env >"$OUT/usr/env"; ls /sys/class/net >"$OUT/usr/net"
      cat /proc/self/mountinfo >"$OUT/usr/mounts"
      cat /proc/self/status >"$OUT/usr/rights"`;
    const { root } = await build(look, { env: { MINE: 'x' } }, { ports: { ...ports, exec } });
    const read = (name: string): string => readFileSync(join(root, 'usr', name), 'utf8');
    expect(read('env')).not.toContain('secret');
    expect(read('env')).toContain('MINE=x\n');
    expect(read('net').trim()).toBe('lo');
    expect(read('rights')).toMatch(/NoNewPrivs:\s1\n/);
    expect(read('rights')).not.toMatch(/CapEff:\s0000003fffffffff|CapEff:\s000001ffffffffff/);
    // Of the machine’s disks there are only the few files that engines make for each container.
    const mounts = read('mounts')
      .split('\n')
      .filter((line) => / - (ext4|xfs|btrfs|fuse\S*) /.test(line))
      .map((line) => line.split(' ')[4] ?? '');
    const ownFiles = /^\/(etc\/(hosts|hostname|resolv\.conf)|run\/\.containerenv)?$/;
    expect(mounts.filter((at) => !ownFiles.test(at))).toEqual([]);
  });

  it('unpacks an artifact as a source, without its top folder and with times that please make', async () => {
    const made = await mkdtemp(join(folder, 'made-'));
    mkdirSync(join(made, 'tool-1.0'));
    writeFileSync(join(made, 'tool-1.0/a'), 'x');
    const path = join(folder, 'tool.tar.gz');
    await runChecked(git, 'tar', ['-C', made, '-czf', path, 'tool-1.0']);
    const artifact = () => ({
      path,
      size: 0,
      sha256: '',
      url: 'https://example.org/tool-1.0.tar.gz',
      proof: { kind: 'none' as const, reason: 'a test' },
    });
    const { root } = await build(
      'mkdir -p "$OUT/usr"; stat -c "%Y %n" tool/a >"$OUT/usr/stat"',
      { sources: { tool: { kind: 'artifact', artifact: 'source' } } },
      { artifact },
    );
    expect(readFileSync(join(root, 'usr/stat'), 'utf8')).toBe('1700000000 tool/a\n');
  });
});

describe.each(engines)('input of a container, with %s', (which) => {
  beforeAll(() => void (engine = started[which]));

  it('belongs to root in it, whoever has made it', async () => {
    const own = await context();
    const input = await inputIn(own.scratch);
    writeFileSync(join(input, 'list'), '#!/bin/sh\nstat -c "%u:%g %n" . * >"$OUT/owners"\n', { mode: 0o755 });
    symlinkSync('nowhere', join(input, 'link'));
    for (const path of [input, join(input, 'list'), join(input, 'link')]) lchownSync(path, 1234, 1234);
    const program = {
      program: `${inputFolder}/list`,
      env: { OUT: outputFolder },
      packages: [],
      title: 'list',
    };
    await using container = await runContainer({ image: pinned, network: false, input, ...program }, own);
    const output = join(own.scratch, 'output.tar');
    await container.saveOutput(output);
    const owners = await runChecked(git, 'tar', ['-xOf', output, 'out/owners']);
    expect(owners).toBe('0:0 .\n0:0 link\n0:0 list\n');
  });
});

describe.each(engines)('a build for the other architecture, with %s', (which) => {
  beforeAll(() => void (engine = started[which]));

  it('runs in an emulated container and leaves programs of that architecture', async () => {
    const other = machineArch === 'arm64' ? 'x86-64' : 'arm64';
    const own = await mkdtemp(join(folder, 'other-'));
    await using emulated = await startEngine(engine.name, own, other);
    const exec = spawnExec({ ...process.env, ...emulated.env });
    const { ports } = await context();
    const root = await mkdtemp(join(folder, 'tree-'));
    const text =
      'mkdir -p "$OUT/usr/bin"; uname -m >"$OUT/usr/machine"; echo "int main(void) { return 0; }" >x.c; tcc -o "$OUT/usr/bin/x" x.c';
    const step = { image: pinned, script: script(text), network: false, take: { usr: '/usr' } };
    await containerStep.run(
      step,
      createTree(root),
      await context({ arch: other, ports: { ...ports, exec }, path: emulated.path }),
    );
    expect(readFileSync(join(root, 'usr/machine'), 'utf8')).toBe(
      other === 'arm64' ? 'aarch64\n' : 'x86_64\n',
    );
    const header = parseElfHeader(readFileSync(join(root, 'usr/bin/x')));
    expect(header?.machine).toBe(archNames(other).elf);
  });
});

describe.each(engines)('a killed build, with %s', (which) => {
  beforeAll(() => void (engine = started[which]));

  it('leaves a container that the next run removes', async () => {
    const program = `
      import { createTree } from '${new URL('../stage/tree.ts', import.meta.url).href}';
      import { spawnExec } from '${new URL('../ports/spawn.ts', import.meta.url).href}';
      import { silentReport } from '${new URL('../ports/report.ts', import.meta.url).href}';
      import { containerStep } from '${new URL('container-step.ts', import.meta.url).href}';
      const { context, step, root } = JSON.parse(process.argv[1]);
      const ports = { exec: spawnExec(process.env), report: silentReport };
      await containerStep.run(step, createTree(root), { ...context, ports });
    `;
    const { ports: _, ...plain } = await context();
    const root = await mkdtemp(join(folder, 'tree-'));
    const step = { image: pinned, script: script('sleep 600'), network: false, take: { usr: '/usr' } };
    const child = spawn(
      process.execPath,
      ['--input-type=module', '--eval', program, JSON.stringify({ context: plain, step, root })],
      { env: { ...process.env, ...engine.env, NODE_OPTIONS: '' }, stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until(
      'a running container',
      async () => (await containers('--filter=status=running')).length === 1,
    );
    child.kill('SIGKILL');
    await ended;
    expect(await containers()).toHaveLength(1);

    const { root: done } = await build('mkdir -p "$OUT/usr"; echo >"$OUT/usr/x"');
    expect(await readdir(join(done, 'usr'))).toEqual(['x']);
    expect(await containers()).toEqual([]);
  });
});

async function containers(...more: string[]): Promise<string[]> {
  const { ports } = await context();
  const { stdout } = await ports.exec.run(engine.name, ['ps', '--all', '--format={{.Names}}', ...more]);
  return stdout.split('\n').filter((line) => line !== '');
}
