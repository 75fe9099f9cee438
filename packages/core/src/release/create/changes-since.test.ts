import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packImage } from '../../image/pack.ts';
import { silentReport } from '../../ports/report.ts';
import { spawnExec } from '../../ports/spawn.ts';
import type { ImageInputs, Inputs } from '../../provenance/inputs.ts';
import { Recipe } from '../../recipe/schema.ts';
import { directoryStore } from '../../store/directory.ts';
import { upstreamNotes } from '../publish/upstream-notes.ts';
import { changesSince } from './changes-since.ts';

const exec = spawnExec(process.env);
const path = `${process.env['PATH']}:/usr/sbin:/sbin`;
const isRoot = process.getuid?.() === 0;

describe('changesSince', () => {
  it('compares with the newest older version of this extension, not of one whose name begins alike', async () => {
    await using bench = await setUp();
    for (const [name, version] of [
      ['docker', '24.0.7'],
      ['docker', '24.0.10'],
      ['docker', '25.0.0'],
      ['docker-compose', '24.1.0'],
    ] as const) {
      await bench.publish(name, version);
    }
    const notes = await changesSince(await bench.create('docker', '24.0.11'), bench.context);
    expect(notes).toMatch(
      /^## Changes since 24\.0\.10\n\n```diff\ndocker-24\.0\.10-arm64\.raw → docker-24\.0\.11/,
    );
    expect(notes).toContain('\nartifact: https://up.example/24.0.10 → https://up.example/24.0.11\n');
    expect(notes).toMatch(/^~ \/usr\/bin\/docker {2}other bytes/m);
    expect(bench.warnings).toEqual([]);
  });

  it('says nothing about the first version', async () => {
    await using bench = await setUp();
    await bench.publish('docker', '25.0.0');
    expect(await changesSince(await bench.create('docker', '24.0.7'), bench.context)).toBeUndefined();
  });

  it('keeps no version back because the one before is damaged', async () => {
    await using bench = await setUp();
    await bench.publish('docker', '24.0.7', 'no image');
    const notes = await changesSince(await bench.create('docker', '24.0.8'), bench.context);
    expect(notes).toBeUndefined();
    expect(bench.warnings).toEqual([
      expect.stringMatching(/^docker-24\.0\.8: its notes will not say what is new: .*expected an image of/),
    ]);
  });
});

describe('upstreamNotes', () => {
  it('leads to the release that an artifact is an asset of, else to all releases, else nowhere', () => {
    const github = versionsOf({ from: 'github-releases', repo: 'k3s-io/k3s' });
    const asset = 'https://github.com/k3s-io/k3s/releases/download/v1%2Bk3s1/k3s';
    expect(upstreamNotes(github, artifact(asset))).toBe(
      'https://github.com/k3s-io/k3s/releases/tag/v1%2Bk3s1',
    );
    expect(upstreamNotes(github, artifact('https://dl.example/x'))).toBe(
      'https://github.com/k3s-io/k3s/releases',
    );
    const pinned = versionsOf({ from: 'pinned', versions: ['1'] });
    expect(upstreamNotes(pinned, artifact('https://dl.example/x'))).toBeUndefined();
  });
});

function versionsOf(versions: object): Recipe {
  return Recipe.parse({
    recipe: 1,
    name: 'x',
    summary: 'x',
    homepage: 'https://x.example/',
    license: 'MIT',
    versions,
    arch: { arm64: '' },
  });
}

function artifact(url: string) {
  return { artifacts: [{ url, size: 1, sha256: '', proved: '' }] };
}

async function setUp() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'changes-since-'));
  const store = directoryStore(join(folder.path, 'out'), 'http://127.0.0.1');
  const warnings: string[] = [];
  const report = { ...silentReport, warn: (line: string) => void warnings.push(line) };
  const http = { get: nobody, bytes: nobody, text: nobody };
  const context = {
    ports: { exec, http, report },
    scratch: folder.path,
    path,
    isRoot,
    requireTools: async () => {},
    store,
  };
  const create = async (name: string, version: string) => {
    const root = join(folder.path, `${name}-${version}.tree`);
    await mkdir(join(root, 'usr/bin'), { recursive: true });
    await writeFile(join(root, 'usr/bin', name), `${version}.`);
    const file = `${name}-${version}-arm64.raw`;
    const output = join(folder.path, file);
    const packed = await packImage(
      { root, output, format: 'squashfs', name, epoch: 0 },
      { exec, report, path, isRoot },
    );
    const { size, sha256, format, tool } = packed;
    const artifacts = [
      { url: `https://up.example/${version}`, size: 1, sha256: '0'.repeat(64), proved: 'so' },
    ];
    const image: ImageInputs = { file, size, sha256, format, tool, epoch: 0, options: {}, artifacts };
    const recipe = { sha256: '0'.repeat(64) };
    const inputs: Inputs = { inputs: 1, name, version, recipe, images: { arm64: image } };
    return { images: [{ arch: 'arm64' as const, path: output, inputs: image }], inputs };
  };
  const publish = async (name: string, version: string, bytes?: string) => {
    const { images, inputs } = await create(name, version);
    const record = join(folder.path, `${name}-${version}.inputs.json`);
    await writeFile(record, JSON.stringify(inputs));
    const files = images.map((image) => ({ name: image.inputs.file, path: image.path }));
    if (bytes !== undefined) for (const file of files) await writeFile(file.path, bytes);
    await store.publish({
      tag: `${name}-${version}`,
      title: '',
      notes: '',
      files: [...files, { name: `${name}-${version}.inputs.json`, path: record }],
    });
  };
  return { context, warnings, create, publish, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

function nobody(): Promise<never> {
  return Promise.reject(new Error('asked somebody'));
}
