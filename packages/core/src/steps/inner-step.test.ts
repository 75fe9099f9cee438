import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Arch } from '../names/arch.ts';
import { archNames } from '../names/arch.ts';
import { silentReport } from '../ports/report.ts';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import { expandRecipe } from '../recipe/expand.ts';
import { loadRecipe } from '../recipe/load.ts';
import { createTree } from '../stage/tree.ts';
import type { BuildContext } from './build-context.ts';
import { runBuilds } from './run-builds.ts';

const bothArches = ['x86-64', 'arm64'] as const;

const exec = spawnExec(process.env);
const recipe = join(import.meta.dirname, '../../../../recipes/nvidia-runtime');
let stack: AsyncDisposableStack;
let folder: string;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'inner-'))).path;
});
afterAll(() => stack.disposeAsync());

/** An archive of packages as NVIDIA publishes it; where units lie changed with 1.20. */
async function release(version: string, arch: Arch, without = ''): Promise<string> {
  const units = version < '1.20' ? 'etc/systemd/system' : 'lib/systemd/system';
  const triplet = arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const packages: Record<string, readonly string[]> = {
    'libnvidia-container1': [`usr/lib/${triplet}/libnvidia-container.so.1`, 'usr/share/doc/x/copyright'],
    'libnvidia-container-dev': ['usr/include/nvc.h'],
    'libnvidia-container-tools': ['usr/bin/nvidia-container-cli'],
    'nvidia-container-toolkit': ['usr/bin/nvidia-container-runtime-hook'],
    'nvidia-container-toolkit-base': [
      'usr/bin/nvidia-ctk',
      'usr/bin/nvidia-cdi-hook',
      'usr/bin/nvidia-container-runtime',
      `${units}/nvidia-cdi-refresh.service`,
      `${units}/nvidia-cdi-refresh.path`,
      'etc/nvidia-container-toolkit/nvidia-cdi-refresh.env',
      ...(version < '1.20' ? [] : ['lib/udev/rules.d/99-nvidia-cdi-refresh.rules']),
    ],
  };
  const made = await mkdtemp(join(folder, 'release-'));
  const to = join(made, `release-v${version}-stable/packages/ubuntu18.04/${archNames(arch).debian}`);
  mkdirSync(to, { recursive: true });
  for (const [name, files] of Object.entries(packages).filter(([one]) => one !== without)) {
    const root = join(made, 'deb', name);
    const control = `Package: ${name}\nVersion: ${version}-1\nArchitecture: ${archNames(arch).debian}\nMaintainer: a <a@example.org>\nDescription: x\n`;
    for (const [path, text] of [
      ...files.map((file) => [file, file] as const),
      ['DEBIAN/control', control] as const,
    ]) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const file = join(to, `${name}_${version}-1_${archNames(arch).debian}.deb`);
    await runChecked(exec, 'dpkg-deb', ['--root-owner-group', '-Zxz', '--build', root, file]);
  }
  const tar = join(made, 'packages.tar.gz');
  await runChecked(exec, 'tar', ['-C', made, '-czf', tar, `release-v${version}-stable`]);
  return tar;
}

async function build(version: string, arch: Arch, tar: string): Promise<string[]> {
  const loaded = await loadRecipe(recipe);
  const { builds } = expandRecipe(loaded, { version: `v${version}`, arch, options: {} });
  const tree = createTree(await mkdtemp(join(folder, 'tree-')));
  const proof = { kind: 'none' as const, reason: 'a test' };
  const context: BuildContext = {
    ports: { exec, http: { get: fail, bytes: fail, text: fail }, report: silentReport },
    path: process.env['PATH'] ?? '',
    isRoot: false,
    name: 'nvidia-runtime',
    version,
    arch,
    images: [],
    mirrors: [],
    offline: true,
    logs: folder,
    recipeFolder: recipe,
    scratch: await mkdtemp(join(folder, 'scratch-')),
    epoch: 0,
    jobs: 1,
    artifact: () => ({ path: tar, url: 'https://example.org/packages.tar.gz', size: 0, sha256: '', proof }),
  };
  expect(await runBuilds(builds, tree, context)).toEqual(builds.map(() => ({ step: 'inner' })));
  return [...tree.written].flatMap(([path, { kind }]) => (kind === 'folder' ? [] : [path])).toSorted();
}

function fail(): never {
  throw new Error('not to be called');
}

const both = [
  '/usr/bin/nvidia-cdi-hook',
  '/usr/bin/nvidia-container-cli',
  '/usr/bin/nvidia-container-runtime',
  '/usr/bin/nvidia-container-runtime-hook',
  '/usr/bin/nvidia-ctk',
  '/usr/lib/systemd/system/nvidia-cdi-refresh.path',
  '/usr/lib/systemd/system/nvidia-cdi-refresh.service',
  '/usr/lib64/libnvidia-container.so.1',
  '/usr/share/nvidia-runtime/etc/nvidia-container-toolkit/nvidia-cdi-refresh.env',
];

describe.each(bothArches)('packages inside a release archive, for %s', (arch) => {
  it.each([
    ['1.18.1', both],
    ['1.20.0', [...both, '/usr/lib/udev/rules.d/99-nvidia-cdi-refresh.rules']],
  ])('are unpacked as %s lays them out', async (version, expected) => {
    expect(await build(version, arch, await release(version, arch))).toEqual(expected.toSorted());
  });
});

it('must be there, of the right version', async () => {
  const tar = await release('1.18.1', 'x86-64', 'libnvidia-container-tools');
  await expect(build('1.18.1', 'x86-64', tar)).rejects.toThrow(
    'packages.tar.gz: expected a member that matches "*/packages/ubuntu18.04/amd64/libnvidia-container-tools_1.18.1-*_amd64.deb", got none',
  );
  await expect(build('1.18.2', 'x86-64', tar)).rejects.toThrow('libnvidia-container1_1.18.2-*_amd64.deb');
});
