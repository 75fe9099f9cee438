import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOf } from '@bakery/core/src/fetch/hashing.ts';
import type { Arch } from '@bakery/core/src/names/arch.ts';
import type { Finished } from '@bakery/core/src/ports/exec.ts';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { ociArch } from '@bakery/core/src/steps/engine.ts';
import { findProgram } from '@bakery/core/src/tools/search-path.ts';
import { enter, startNamespace } from '../debian-host/namespace.ts';
import { machineArch } from '../machine-arch.ts';
import type { TestEngine } from './engine.ts';
import { imageTar, type TestImage, tools } from './image.ts';
import { emulate } from './podman.ts';

type Docker = (...args: string[]) => Promise<Finished>;

const exec = spawnExec(process.env);
const image = 'localhost/tools:test';

/**
 * Starts a Docker daemon that keeps all it has below `folder`, with one image made of Debian packages. It has
 * processes, mounts and control groups of its own and ends with them. Its containers have no network.
 */
export async function testDocker(folder: string, arch: Arch = machineArch): Promise<TestEngine> {
  await imageTar(tools, arch); // takes long; nothing runs meanwhile
  await using stack = new AsyncDisposableStack();
  const namespace = stack.use(await startNamespace());
  const inside = enter(namespace);
  for (const mount of mounts) await runChecked(exec, 'nsenter', [...inside, 'mount', ...mount]);
  if (arch !== machineArch) await emulate(inside, arch);

  const group = `bakery-docker-${namespace.pid}`;
  const socket = `unix://${folder}/docker.sock`;
  const path = join(folder, 'bin');
  await mkdir(path);
  await symlink(await programOf('docker'), join(path, 'docker'));
  const env = {
    PATH: `${path}:${process.env['PATH'] ?? ''}`,
    DOCKER_HOST: socket,
    DOCKER_CONFIG: join(folder, 'config'), // and not what this user is logged in to
  };
  const docker: Docker = (...args) => exec.run(join(path, 'docker'), args, { env });

  await startDaemon([...inside, 'dockerd', ...daemonArgs(folder, socket, group)], docker);
  stack.defer(async () => {
    const { stdout } = await docker('ps', '--all', '--quiet');
    for (const id of stdout.split('\n')) if (id !== '') await docker('rm', '--force', id);
    await exec.run('nsenter', [...inside, 'rmdir', `/sys/fs/cgroup/${group}`]); // there is one if a container ran
  });
  await load(tools, { reference: image, arch, folder }, docker);
  const owned = stack.move();
  return { name: 'docker', path, env, image, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Puts another image into the store, as `localhost/NAME:amd64` or `:arm64`; resolves to what to call it. */
export async function loadImage(
  engine: TestEngine,
  wanted: TestImage,
  { arch, folder }: { readonly arch: Arch; readonly folder: string },
): Promise<string> {
  const reference = `localhost/${wanted.name}:${ociArch(arch)}`;
  const docker: Docker = (...args) => exec.run(join(engine.path, 'docker'), args, { env: engine.env });
  await load(wanted, { reference, arch, folder }, docker);
  return reference;
}

interface Loaded {
  readonly reference: string;
  readonly arch: Arch;
  /** Where to write what is loaded. */
  readonly folder: string;
}

async function load(wanted: TestImage, loaded: Loaded, docker: Docker): Promise<void> {
  const archive = await archiveOf(await imageTar(wanted, loaded.arch), loaded);
  const { code, stderr } = await docker('load', `--input=${archive}`);
  if (code !== 0) throw new Error(`docker load: ${stderr}`);
}

/** Resolves when the daemon answers; `command` are arguments of nsenter. */
async function startDaemon(command: readonly string[], docker: Docker): Promise<void> {
  const daemon = spawn('nsenter', command, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  daemon.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  while ((await docker('version')).code !== 0) {
    if (daemon.exitCode !== null || daemon.signalCode !== null) {
      throw new Error(`dockerd: ended before it was ready\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Arguments of `mount`, for what a daemon reads and writes outside its folders. */
const mounts = [
  ['-t', 'proc', 'proc', '/proc'],
  ['-t', 'tmpfs', 'tmpfs', '/run'],
  ['-t', 'tmpfs', '-o', 'X-mount.mkdir', 'tmpfs', '/etc/docker'], // settings of this machine, and a key
  ['-t', 'cgroup2', 'cgroup2', '/sys/fs/cgroup'], // works without controllers, and where others have v1
];

function daemonArgs(folder: string, socket: string, group: string): string[] {
  return [
    `--host=${socket}`,
    `--data-root=${folder}/data`,
    `--exec-root=${folder}/exec`,
    `--pidfile=${folder}/dockerd.pid`,
    `--cgroup-parent=/${group}`,
    '--exec-opt=native.cgroupdriver=cgroupfs', // systemd is not asked
    '--bridge=none',
    '--iptables=false',
    '--ip6tables=false',
    '--ip-forward=false',
    '--ip-masq=false',
  ];
}

/** What `docker save` writes, made here: `docker import` takes any root for one of this machine before Docker 23. */
async function archiveOf(tar: string, { reference, arch, folder }: Loaded): Promise<string> {
  const own = await mkdtemp(join(folder, 'archive-'));
  const layers = [`sha256:${hashOf(await readFile(tar))}`];
  const config = { architecture: ociArch(arch), os: 'linux', rootfs: { type: 'layers', diff_ids: layers } };
  const manifest = [{ Config: 'config.json', RepoTags: [reference], Layers: ['layer.tar'] }];
  await writeFile(join(own, 'config.json'), JSON.stringify(config));
  await writeFile(join(own, 'manifest.json'), JSON.stringify(manifest));
  await symlink(tar, join(own, 'layer.tar'));
  const archive = `${own}.tar`;
  await runChecked(exec, 'tar', ['-C', own, '--dereference', '-cf', archive, '.']);
  return archive;
}

async function programOf(name: string): Promise<string> {
  const found = await findProgram(name, process.env['PATH'] ?? '');
  if (found === undefined) throw new Error(`${name}: expected it on PATH\napt-get install docker.io`);
  return found;
}
