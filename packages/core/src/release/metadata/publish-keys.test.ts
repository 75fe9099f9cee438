import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type KeyedBakery, keyedBakery } from '../../../testing/keyed-bakery.ts';
import { sampleSigner } from '../../../testing/sample-signer.ts';
import { Catalogue } from '../../catalogue/schema.ts';
import { hashOf } from '../../fetch/hashing.ts';
import { allArches } from '../../names/arch.ts';
import { imageName } from '../../names/file-names.ts';
import { runChecked } from '../../ports/run-checked.ts';
import { spawnExec } from '../../ports/spawn.ts';
import { Inputs } from '../../provenance/inputs.ts';
import { publishedInputs, rebuildImage } from '../rebuild/rebuild.ts';
import { yank } from '../yank.ts';
import { recipeToRebuild } from './published-keys.ts';

const exec = spawnExec(process.env);
const keys = { ...sampleSigner, ring: Buffer.from('keys of today') };
const next = { ...sampleSigner, ring: Buffer.from('keys of tomorrow') };

let bakery: KeyedBakery;
beforeEach(async () => {
  bakery = await keyedBakery();
  await bakery.publish('alpha', '1.0.0');
});
afterEach(async () => {
  await bakery[Symbol.asyncDispose]();
});

it('publishes the keys with the first signed index, and again only when they change', async () => {
  expect(await bakery.update(keys)).toMatchObject({
    written: ['alpha', 'bakery-keys', 'SHA256SUMS'],
    failures: [],
  });
  const [first = ''] = await versions();
  expect(await versions()).toEqual([expect.stringMatching(/^20\d\d\.\d\d\.\d\d$/)]);
  expect((await bakery.update(keys)).written).toEqual([]);
  expect((await bakery.update(next)).written).toEqual(['bakery-keys', 'SHA256SUMS']);
  const [, second = ''] = await versions();
  expect(second).toBe(`${first}.2`);
  expect(await inImage(second, 'import-pubring.gpg')).toEqual(next.ring);
  expect((await inImage(second, 'former')).toString()).toBe(
    `# SHA-256 of the rings before this one\n${hashOf(keys.ring)}\n`,
  );
  expect((await bakery.update(next)).written).toEqual([]);
});

it('is an extension like any other: for every arch, signed, to be checked, in index and catalogue', async () => {
  await bakery.update(keys);
  const [version = ''] = await versions();
  const images = allArches.map((arch) => imageName({ name: 'bakery-keys', version, arch }));
  expect(await readdir(join(bakery.out, `bakery-keys-${version}`))).toEqual(
    expect.arrayContaining([...images, 'SHA256SUMS', 'SHA256SUMS.gpg', `bakery-keys-${version}.inputs.json`]),
  );
  expect(await text('bakery-keys/bakery-keys.conf')).toContain('Verify=true');
  for (const index of ['SHA256SUMS', 'bakery-keys/SHA256SUMS']) {
    for (const image of images) expect(await text(index)).toContain(image);
  }
  const { extensions } = Catalogue.parse(JSON.parse(await text('catalogue.json')));
  expect(extensions.find(({ name }) => name === 'bakery-keys')).toMatchObject({
    summary: 'The public keys of this bakery, for hosts that check its signatures',
    afterUpdate: 'restart',
    units: [{ name: 'bakery-keys.service', start: 'merge' }],
    versions: [{ version, state: 'ok' }],
  });
});

it('makes the same bytes of the same keys, anywhere', async () => {
  await bakery.update(keys);
  await using other = await keyedBakery();
  await other.publish('alpha', '1.0.0');
  await other.update(keys);
  const hashes = await Promise.all([bakery, other].map(({ out }) => hashesIn(out)));
  expect(hashes[0]).toEqual(hashes[1]);
});

it('comes out the same when it is built again from what is published, with the rings before it', async () => {
  await bakery.update(keys);
  await bakery.update(next);
  const [, version = ''] = await versions();
  const opened = await bakery.open();
  const context = { ...opened.create, store: opened.store };
  const inputs = await publishedInputs('bakery-keys', version, opened.store);
  const now = await recipeToRebuild('bakery-keys', opened);
  expect(now).toBeUndefined();
  for (const arch of allArches)
    expect(await rebuildImage(inputs, arch, { now, context })).toMatchObject({ verdict: 'same' });
  const image = { ...inputs.images['x86-64'], options: { ring: hashOf(keys.ring) } };
  const forged = Inputs.parse({ ...inputs, images: { 'x86-64': image } });
  await expect(rebuildImage(forged, 'x86-64', { now, context })).rejects.toThrow(
    `expected a ring with the hash ${hashOf(keys.ring)}`,
  );
});

it('knows the ring that hosts have from before there was such an extension', async () => {
  await bakery.configure('sign: { keys-extension: off }\n');
  await bakery.update(keys);
  expect(await versions()).toEqual([]);
  await bakery.configure('');
  await bakery.update(next);
  const [version = ''] = await versions();
  expect((await inImage(version, 'former')).toString()).toContain(hashOf(keys.ring));
});

it('does not come back by itself once it is withdrawn', async () => {
  await bakery.update(keys);
  const [version = ''] = await versions();
  const opened = await bakery.open();
  const names = opened.recipeBook.names;
  const context = { ...opened, names, signer: () => Promise.resolve(keys) };
  await yank({ name: 'bakery-keys', version, recipe: undefined }, 'a wrong key', context);
  await bakery.update(keys);
  expect(await versions()).toEqual([version]);
  expect(await text('bakery-keys/SHA256SUMS')).not.toContain('.raw');
});

it.each(['sign: off\n', 'sign: { keys-extension: off }\n', 'attest: required\n'])(
  'publishes no keys with %j',
  async (config) => {
    await bakery.configure(config);
    expect(await bakery.update(keys)).toMatchObject({ written: ['alpha', 'SHA256SUMS'], failures: [] });
    expect(await versions()).toEqual([]);
  },
);

it('keeps its name for itself, as long as it publishes keys', async () => {
  const folder = join(bakery.folder, 'recipes/bakery-keys');
  await mkdir(folder);
  const rest = 'summary: Mine\nhomepage: https://example.org/\nlicense: MIT\narch: { x86-64: "" }\n';
  const pinned = 'versions: { from: pinned, versions: ["1"] }\n';
  await writeFile(join(folder, 'recipe.yaml'), `recipe: 1\nname: bakery-keys\n${rest}${pinned}`);
  const find = async () => (await bakery.open()).recipeBook.find('bakery-keys');
  await expect(find()).rejects.toMatchObject({
    code: 'recipe.reserved',
    message: expect.stringContaining('bakery-keys: expected another name'),
    hint: expect.stringContaining('keys-extension: off'),
  });
  await bakery.configure('sign: { keys-extension: off }\n');
  expect((await find()).recipe.summary).toBe('Mine');
});

/** Those published, oldest first. */
async function versions(): Promise<readonly string[]> {
  const tags = (await readdir(bakery.out)).filter((name) => /^bakery-keys-[\d.]+$/.test(name));
  return tags.map((tag) => tag.slice('bakery-keys-'.length)).toSorted();
}

function text(path: string): Promise<string> {
  return readFile(join(bakery.out, path), 'utf8');
}

async function inImage(version: string, name: string): Promise<Buffer> {
  const image = imageName({ name: 'bakery-keys', version, arch: 'x86-64' });
  const to = join(bakery.folder, `unpacked-${version}`);
  const path = join(bakery.out, `bakery-keys-${version}`, image);
  await runChecked(exec, 'unsquashfs', ['-quiet', '-no-progress', '-force', '-dest', to, path]);
  return readFile(join(to, 'usr/share/bakery-keys', name));
}

async function hashesIn(out: string): Promise<readonly (string | undefined)[]> {
  const tag = (await readdir(out)).find((name) => /^bakery-keys-[\d.]+$/.test(name)) ?? '';
  const record = Inputs.parse(JSON.parse(await readFile(join(out, tag, `${tag}.inputs.json`), 'utf8')));
  return allArches.map((arch) => record.images[arch]?.sha256);
}
