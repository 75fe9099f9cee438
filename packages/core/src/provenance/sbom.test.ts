import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as CycloneDx from '@cyclonedx/cyclonedx-library';
import { describe, expect, it } from '@jest/globals';
import { walkTree } from '../image/walk-tree.ts';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import { goProgram, parseModules } from './go-program.ts';
import { goPrograms } from './go-programs.ts';
import type { ImageInputs, Inputs } from './inputs.ts';
import { artifactPurl, goPurl } from './package-url.ts';
import { formatSbom } from './sbom.ts';

const product = {
  name: 'tool',
  summary: 'A tool',
  homepage: 'https://tool.example/',
  license: 'Apache-2.0 OR MIT',
};
const asset = 'https://github.com/O/Tool/releases/download/v1.0%2Bk1/tool-arm64';

function imageOf(arch: string, more: Partial<ImageInputs> = {}): ImageInputs {
  return {
    file: `tool-v1.0+k1-${arch}.raw`,
    size: 4096,
    sha256: '1'.repeat(64),
    format: 'squashfs',
    tool: 'mksquashfs 4.5.1',
    libraries: { libzstd: '1.5.4' },
    epoch: 0,
    options: { flavour: 'plain' },
    artifacts: [
      { url: asset, size: 10, sha256: '2'.repeat(64), proved: 'sha256:22 from the recipe' },
      { url: 'npm:@scope/tool-x64@1.0.0', size: 10, sha256: '3'.repeat(64), proved: 'by npm' },
      { url: 'https://dl.example/a b.tgz', size: 10, sha256: '4'.repeat(64), proved: 'not at all (no sums)' },
    ],
    ...more,
  };
}

const commit = 'c'.repeat(40);
const inputs: Inputs = {
  inputs: 1,
  name: 'tool',
  version: 'v1.0+k1',
  bakery: { version: '0.1.0', commit },
  recipe: { sha256: '5'.repeat(64), commit, repository: 'https://github.com/o/bakery', path: 'recipes/tool' },
  images: {
    'x86-64': imageOf('x86-64', {
      go: [
        {
          path: '/usr/bin/tool',
          go: 'go1.24.1',
          main: 'example.org/tool@(devel)',
          modules: ['github.com/BurntSushi/toml@v1.4.0', 'golang.org/x/sys@v0.1.0'],
        },
        { path: '/usr/bin/toold', go: 'go1.24.1', modules: ['golang.org/x/sys@v0.1.0'] },
      ],
      builds: [
        {
          step: 'container',
          image: { reference: 'docker.io/library/debian:12', id: `sha256:${'6'.repeat(64)}` },
          sources: [{ url: 'https://git.example/tool', ref: 'v1.0', commit }],
        },
      ],
    }),
    arm64: imageOf('arm64'),
  },
};

const validator = new CycloneDx.Validation.JsonStrictValidator(CycloneDx.Spec.Version.v1dot6);

describe('formatSbom', () => {
  it.each<[string, typeof product, Inputs]>([
    ['everything', product, inputs],
    ['a licence of no list', { ...product, license: 'Some words' }, inputs],
    [
      'an old record',
      product,
      {
        inputs: 1,
        name: 'x',
        version: '1',
        recipe: { sha256: '5'.repeat(64) },
        images: { arm64: imageOf('arm64') },
      },
    ],
  ])('is CycloneDX 1.6 by the schema of its makers: %s', async (_, of, record) => {
    expect(await validator.validate(formatSbom(of, record))).toBeNull();
  });

  it('is seen to be wrong by that validator when it is', async () => {
    const broken = formatSbom(product, inputs).replace('"SHA-256"', '"SHA-9"');
    expect(await validator.validate(broken)).not.toBeNull();
  });

  it('names images, artifacts, containers, sources, programs and their modules once each', () => {
    const bom = JSON.parse(formatSbom(product, inputs));
    const refs = bom.components.map((component: { 'bom-ref': string }) => component['bom-ref']);
    expect(refs).toEqual([
      `container:sha256:${'6'.repeat(64)}`,
      `git:https://git.example/tool@${commit}`,
      'pkg:golang/github.com/burntsushi/toml@v1.4.0',
      'pkg:golang/golang.org/x/sys@v0.1.0',
      ...['2', '3', '4'].map((digit) => `sha256:${digit.repeat(64)}`),
      'tool-v1.0+k1-arm64.raw',
      'tool-v1.0+k1-x86-64.raw',
      'tool-v1.0+k1-x86-64.raw:/usr/bin/tool',
      'tool-v1.0+k1-x86-64.raw:/usr/bin/toold',
    ]);
    expect(bom.dependencies[0]).toEqual({
      ref: 'tool-v1.0+k1',
      dependsOn: ['tool-v1.0+k1-arm64.raw', 'tool-v1.0+k1-x86-64.raw'],
    });
  });

  it('says whose downloads nobody checked', () => {
    const image = imageOf('x86-64', { builds: [{ step: 'script', unproved: 'create.sh' }] });
    const bom = JSON.parse(formatSbom(product, { ...inputs, images: { 'x86-64': image } }));
    const component = bom.components.find(({ name }: { name: string }) => name.endsWith('.raw'));
    expect(component.properties).toContainEqual({ name: 'sysext-bakery:unproved', value: 'create.sh' });
  });

  it('is the same for the same record, whenever it is made', () => {
    const images = Object.fromEntries(Object.entries(inputs.images).toReversed());
    expect(formatSbom(product, { ...inputs, images })).toBe(formatSbom(product, inputs));
    expect(formatSbom(product, inputs)).not.toMatch(/timestamp|serialNumber/);
  });
});

describe('package URLs', () => {
  it.each([
    [asset, `pkg:github/o/tool@v1.0%2Bk1?download_url=${encodeURIComponent(asset)}`],
    ['npm:@scope/tool-x64@1.0.0', 'pkg:npm/%40scope/tool-x64@1.0.0'],
    ['https://dl.example/t', 'pkg:generic/tool@v1.0%2Bk1?download_url=https%3A%2F%2Fdl.example%2Ft'],
  ])('of %s', (url, expected) => {
    expect(artifactPurl(url, { name: 'tool', version: 'v1.0+k1' })).toBe(expected);
  });

  it('of a module of Go', () => {
    expect(goPurl('k8s.io/api@v0.34.1')).toBe('pkg:golang/k8s.io/api@v0.34.1');
  });
});

describe('modules of Go programs', () => {
  it('are read from a real program, and from nothing else', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'go-program-'));
    const exec = spawnExec(process.env);
    await runChecked(exec, 'npm', ['pack', '@esbuild/linux-x64@0.25.0', '--pack-destination', folder.path]);
    await runChecked(exec, 'tar', [
      '-xzf',
      join(folder.path, 'esbuild-linux-x64-0.25.0.tgz'),
      '-C',
      folder.path,
    ]);
    expect(await goPrograms(await walkTree(join(folder.path, 'package')))).toEqual([
      {
        path: '/bin/esbuild',
        go: 'go1.23.5',
        main: 'github.com/evanw/esbuild@(devel)',
        modules: ['golang.org/x/sys@v0.0.0-20220715151400-c0bba94af5f8'],
      },
    ]);
    expect(await goProgram('/bin/ls')).toBeUndefined();
    expect(await goProgram('/etc/os-release')).toBeUndefined();
  });

  it('are those that replaced others', () => {
    const lines = [
      'path\tx/cmd',
      'mod\tx\tv1\th1:a',
      'dep\tb\tv1\th1:b',
      'dep\ta\tv1',
      '=>\tc\tv2\th1:c',
      '',
    ];
    expect(parseModules('go1.24', lines.join('\n'))).toEqual({
      go: 'go1.24',
      main: 'x@v1',
      modules: ['b@v1', 'c@v2'],
    });
  });
});
