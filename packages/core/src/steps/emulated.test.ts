import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { type EmulatedRoot, emulatedRoot } from '@bakery/testbed/debian-host/emulated-root.ts';
import { librariesOf } from '@bakery/testbed/debian-host/libraries.ts';
import { smoke } from '@bakery/testbed/debian-host/smoke.ts';
import { machineArch } from '@bakery/testbed/machine-arch.ts';
import { type TestBakery, testBakery } from '@bakery/testbed/test-bakery.ts';
import type { Arch } from '../names/arch.ts';

const arch: Arch = machineArch === 'arm64' ? 'x86-64' : 'arm64';
/** Without a version: what the suite of the recipe has. */
const programs: readonly { readonly name: string; readonly version?: string }[] = [
  { name: 'nodejs', version: '24.20.0' },
  { name: 'bun', version: '1.4.5' },
  { name: 'deno', version: '2.9.5' },
  { name: 'tilde' },
  { name: 'htop' },
];
const names = programs.map(({ name }) => name);

let stack: AsyncDisposableStack;
let bakery: TestBakery;
let host: DebianHost;
let root: EmulatedRoot;
beforeAll(async () => {
  const pristine = await debianRoot();
  stack = new AsyncDisposableStack();
  bakery = await testBakery(stack.use(await mkdtempDisposable(join(tmpdir(), 'emulated-'))).path);
  host = stack.use(await startHost(pristine));
  root = await emulatedRoot(host, arch);
});
afterAll(() => stack.disposeAsync());

async function buildOf(name: string): Promise<{ name: string; version: string; arch: Arch }> {
  const pinned = programs.find((program) => program.name === name)?.version;
  return { name, version: pinned ?? (await bakery.latest(name)), arch };
}

describe(`a root of ${arch}`, () => {
  it('is emulated', async () => {
    const { stdout } = await root.run('uname', ['--machine']);
    expect(stdout).toBe(arch === 'arm64' ? 'aarch64\n' : 'x86_64\n');
  });

  it.each(names)('gets an image of %s', async (name) => {
    const { path } = await bakery.create(await buildOf(name));
    await host.place(path, `${root.folder}/etc/extensions/${name}.raw`);
  });

  // Its own systemd cannot merge: qemu refuses to fork a process with mounts of its own
  // (https://github.com/systemd/systemd/issues/28901). So that of the machine does, which reads the same things
  // in the images and minds only their architecture.
  it('is no place for them to a systemd of another architecture', async () => {
    const debug = { env: { SYSTEMD_LOG_LEVEL: 'debug' } };
    const { stderr } = await host.run('systemd-sysext', [`--root=${root.folder}`, 'merge'], debug);
    const refused = stderr.matchAll(/Extension '(\S+)' is for architecture '(\S+)', but deployed on top of/g);
    expect(Object.fromEntries([...refused].map(([, name, wanted]) => [name, wanted]))).toEqual(
      Object.fromEntries(names.map((name) => [name, arch])),
    );
    expect(await root.run('node', ['--version'])).toMatchObject({ code: 127 }); // there is none
  });

  it('has them merged when systemd is told not to mind', async () => {
    const { code, stderr } = await host.run('systemd-sysext', [`--root=${root.folder}`, '--force', 'merge']);
    expect(code === 0 ? '' : stderr).toBe('');
  });

  it.each(names)('runs %s as its recipe says', async (name) => {
    await smoke({ ...host, run: root.run }, await buildOf(name));
  });

  it('has tilde use libraries of its own only', async () => {
    const libraries = await librariesOf(root, 'tilde');
    expect(libraries.length).toBeGreaterThan(10);
    expect(libraries.filter((path) => !path.startsWith('/usr/lib/flix/tilde/'))).toEqual([]);
  });

  it('has no mount of flatwrap left', async () => {
    expect((await host.run('cat', ['/proc/self/mounts'])).stdout).not.toContain('flatwrap');
  });
});
