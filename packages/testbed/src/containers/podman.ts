import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arch } from '@bakery/core/src/names/arch.ts';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { ociArch } from '@bakery/core/src/steps/engine.ts';
import { holdProcess } from '../debian-host/held-process.ts';
import { machineArch } from '../machine-arch.ts';
import { imageTar, type TestImage, tools } from './image.ts';

/** A real podman with a store of its own, for tests that run as root. */
export interface TestPodman extends AsyncDisposable {
  /** PATH whose first folder has this `podman`. */
  readonly path: string;
  /** To be added to the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The image below, whatever a recipe calls it. */
  readonly image: string;
}

const exec = spawnExec(process.env);

/**
 * Starts podman on a store below `folder`, with one image made of Debian packages. Containers run without
 * cgroups, which machines for tests do not always give away.
 */
export async function testPodman(folder: string, arch: Arch = machineArch): Promise<TestPodman> {
  const tar = await imageTar(tools, arch);
  await using stack = new AsyncDisposableStack();
  const namespace = stack.use(await holdProcess('unshare', ['--mount', '--propagation=private', '--']));
  const enter = ['--mount=/proc/' + namespace.pid + '/ns/mnt', '--'];
  // crun refuses a hierarchy that is half cgroups v1 and half v2.
  await exec.run('nsenter', [...enter, 'umount', '/sys/fs/cgroup/unified']);
  if (arch !== machineArch) await emulate(enter, arch);
  const env = await writeConfiguration(folder);
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const program = `#!/bin/sh\nexec nsenter ${enter.join(' ')} /usr/bin/podman "$@"\n`;
  await writeFile(join(bin, 'podman'), program, { mode: 0o755 });
  const path = `${bin}:${process.env['PATH'] ?? ''}`;
  const image = 'localhost/tools:test';
  await runChecked(exec, join(bin, 'podman'), ['import', `--arch=${ociArch(arch)}`, tar, image], { env });
  const owned = stack.move();
  return {
    path,
    env,
    image,
    [Symbol.asyncDispose]: async () => {
      await exec.run(join(bin, 'podman'), ['rm', '--all', '--force'], { env });
      await owned.disposeAsync();
    },
  };
}

/**
 * Has the kernel run programs of another architecture with qemu, as Debian's packages do on a machine that boots.
 * The kernel knows one table for all, and forgets it with its last mount.
 */
export async function emulate(enter: readonly string[], arch: Arch): Promise<void> {
  const table = '/proc/sys/fs/binfmt_misc';
  await runChecked(exec, 'nsenter', [...enter, 'mount', '-t', 'binfmt_misc', 'binfmt_misc', table]);
  const name = arch === 'arm64' ? 'qemu-aarch64' : 'qemu-x86_64';
  const isThere = await exec.run('nsenter', [...enter, 'test', '-e', `${table}/${name}`]);
  if (isThere.code === 0) return;
  const input = (await readFile(`/usr/lib/binfmt.d/${name}.conf`, 'utf8')).trim();
  const { code } = await exec.run('nsenter', [...enter, 'tee', `${table}/register`], { input });
  const raced = await exec.run('nsenter', [...enter, 'test', '-e', `${table}/${name}`]);
  if (code !== 0 && raced.code !== 0) throw new Error(`${name}: the kernel does not take it`);
}

/** Puts another image into the store, as `localhost/NAME:amd64` or `:arm64`; resolves to what to call it. */
export async function importImage(podman: TestPodman, image: TestImage, arch: Arch): Promise<string> {
  const reference = `localhost/${image.name}:${ociArch(arch)}`;
  const args = ['import', `--arch=${ociArch(arch)}`, await imageTar(image, arch), reference];
  await runChecked(exec, 'podman', args, { env: { ...podman.env, PATH: podman.path } });
  return reference;
}

async function writeConfiguration(folder: string): Promise<Record<string, string>> {
  const containers = join(folder, 'containers.conf');
  const storage = join(folder, 'storage.conf');
  const limits = 'default_ulimits = ["nofile=20000:20000", "nproc=1024:1024"]';
  await writeFile(
    containers,
    `[containers]\ncgroups = "disabled"\n${limits}\n[engine]\nevents_logger = "file"\ncgroup_manager = "cgroupfs"\n`,
  );
  await writeFile(
    storage,
    `[storage]\ndriver = "overlay"\ngraphroot = "${folder}/store"\nrunroot = "${folder}/run"\n`,
  );
  return { CONTAINERS_CONF: containers, CONTAINERS_STORAGE_CONF: storage };
}
