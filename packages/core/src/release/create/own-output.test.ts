import { mkdtempDisposable, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { hashOf } from '../../fetch/hashing.ts';
import { type Output, requireOwn } from './own-output.ts';

const image = 'image of ours';

describe('what an earlier run left', () => {
  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['nothing', {}],
    [
      'all of it',
      { 'x.raw': image, 'SHA256SUMS.x': sums(image), 'x.inputs.json': record(image), 'x.conf': 'c' },
    ],
    ['all but the image, which was moved', { 'SHA256SUMS.x': sums(image), 'x.inputs.json': record(image) }],
    ['an image with the record of its version', { 'x.raw': image, 'x.inputs.json': versionRecord(image) }],
    ['a hash of an image of another name', { 'SHA256SUMS.x': sums(image, 'x-1-arm64.raw') }],
    ['only the hash, as it was killed', { 'SHA256SUMS.x': sums('new') }],
    [
      'a new image with its hash and the old record',
      { 'x.raw': 'new', 'SHA256SUMS.x': sums('new'), 'x.inputs.json': record(image) },
    ],
    [
      'the hash of a new image, the old one and its record',
      { 'x.raw': image, 'SHA256SUMS.x': sums('new'), 'x.inputs.json': record(image) },
    ],
  ])('is known: %s', async (_, files) => {
    await using folder = await folderWith(files);
    await expect(requireOwn(outputIn(folder.path))).resolves.toBeUndefined();
  });
});

describe('what it did not leave', () => {
  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['x.raw', { 'x.raw': 'a disk of mine' }],
    ['x.raw', { 'x.raw': 'changed since', 'SHA256SUMS.x': sums(image), 'x.inputs.json': record(image) }],
    ['x.raw', { 'x.raw': image, 'SHA256SUMS.x': sums(image, 'y.raw') }],
    ['SHA256SUMS.x', { 'SHA256SUMS.x': 'notes\n' }],
    ['SHA256SUMS.x', { 'SHA256SUMS.x': sums(image) + sums(image, 'y.raw') }],
    ['SHA256SUMS.x', { 'SHA256SUMS.x': sums(image, 'photo.jpg') }],
    ['x.inputs.json', { 'x.inputs.json': '{"mine": true}' }],
    ['x.conf', { 'x.conf': 'c', 'SHA256SUMS.x': sums(image), 'x.raw': image }],
    [
      'x.raw, SHA256SUMS.x, x.inputs.json, x.conf',
      { 'x.raw': '1', 'SHA256SUMS.x': '2', 'x.inputs.json': '3', 'x.conf': '4' },
    ],
  ])('stops it: %s', async (names, files) => {
    await using folder = await folderWith(files);
    const wanted = names === 'x.conf' ? 'changed' : 'c';
    await expect(requireOwn(outputIn(folder.path, wanted))).rejects.toThrow(
      `${names}: expected nothing of that name, or what an earlier run left, found others`,
    );
  });

  it.each(['x.raw', 'SHA256SUMS.x', 'x.inputs.json', 'x.conf'])(
    'stops it as a link, wherever that leads: %s',
    async (name) => {
      await using folder = await folderWith({
        'x.raw': image,
        'SHA256SUMS.x': sums(image),
        'x.inputs.json': record(image),
        'x.conf': 'c',
      });
      await using linked = await folderWith({});
      await symlink(join(folder.path, name), join(linked.path, name));
      await expect(requireOwn(outputIn(linked.path))).rejects.toThrow(
        `${name}: expected nothing of that name`,
      );
    },
  );
});

function outputIn(folder: string, text = 'c'): Output {
  return {
    image: join(folder, 'x.raw'),
    sums: join(folder, 'SHA256SUMS.x'),
    record: join(folder, 'x.inputs.json'),
    texts: new Map([[join(folder, 'x.conf'), text]]),
  };
}

function sums(bytes: string, name = 'x.raw'): string {
  return `${hashOf(bytes)}  ${name}\n`;
}

function record(bytes: string): string {
  return JSON.stringify({
    file: 'x-1-x86-64.raw',
    size: bytes.length,
    sha256: hashOf(bytes),
    format: 'squashfs',
    tool: 'mksquashfs 4.5.1',
    epoch: 0,
    options: {},
    artifacts: [],
  });
}

function versionRecord(bytes: string): string {
  const images = { 'x86-64': JSON.parse(record(bytes)) };
  const recipe = { sha256: hashOf('recipe') };
  return JSON.stringify({ inputs: 1, name: 'x', version: '1', recipe, images });
}

async function folderWith(files: Readonly<Record<string, string>>) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'own-output-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder.path, name), content);
  return folder;
}
