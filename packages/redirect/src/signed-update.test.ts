import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { folderSource } from '@bakery/core/src/mirror/folder-source.ts';
import { mirrorBakery } from '@bakery/core/src/mirror/mirror.ts';
import { imageName } from '@bakery/core/src/names/file-names.ts';
import { ringNames } from '@bakery/core/src/names/ring-names.ts';
import { silentReport } from '@bakery/core/src/ports/report.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { updateGlobalMetadata } from '@bakery/core/src/release/metadata/global-metadata.ts';
import { updateExtensionMetadata } from '@bakery/core/src/release/metadata/metadata.ts';
import { serveFolder } from '@bakery/core/src/serve/serve-folder.ts';
import { openGpgHome } from '@bakery/core/src/signing/gpg-home.ts';
import { type KeySet, makeKeys } from '@bakery/core/src/signing/key-set.ts';
import { keySigner } from '@bakery/core/src/signing/key-signer.ts';
import { directoryStore } from '@bakery/core/src/store/directory.ts';
import type { MetadataAsset, Store } from '@bakery/core/src/store/store.ts';
import { openFakeStore, repository } from '@bakery/core/testing/fake-store.ts';
import { publishSample, sampleContent, sampleRecipe } from '@bakery/core/testing/sample-bakery.ts';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot, suitesAsked, testbedCache } from '@bakery/testbed/debian-host/debian-root.ts';
import { startCaddy } from '../testing/started-caddy.ts';
import { redirectConfig } from './config.ts';
import { serveRedirects } from './redirect-server.ts';

const arch = process.arch === 'arm64' ? 'arm64' : 'x86-64';
const exec = spawnExec(process.env);
const gpg = { exec, tmpdir: tmpdir(), now: Date.now };
const wishes = { passphrase: '', lifetime: '2y' };
const [before, after] = ['1.0.0', '1.1.0'] as const;

interface Feed {
  readonly store: Store;
  readonly url: string;
}

let stack: AsyncDisposableStack;
let folder: string;
let keys: KeySet;
let stranger: KeySet;
const feeds = new Map<string, Feed>();
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'signed-'))).path;
  [keys, stranger] = [await makeKeys('A feed', wishes, gpg), await makeKeys('A stranger', wishes, gpg)];
  const own = await startFolder('own');
  await publish(own.store);
  const copy = await startFolder('copy');
  await mirror(own, copy);
  const github = stack.use(await openFakeStore());
  const releases = github.store();
  await publish(releases);
  const config = redirectConfig({ repo: repository, server: github.fake.serverUrl });
  const node = stack.use(await serveRedirects(config));
  const caddy = stack.use(await startCaddy(config, folder, { path: process.env['PATH'] ?? '' }));
  feeds
    .set('a directory store', own)
    .set('a mirror of it', copy)
    .set('the releases of a repository', { store: releases, url: releases.indexUrl('alpha') })
    .set('the redirector', { store: releases, url: `${node.url}extensions/alpha/` })
    .set('Caddy', { store: releases, url: `${caddy.url}extensions/alpha/` });
});
afterAll(() => stack.disposeAsync());

/** What somebody, or an accident, makes of the index. */
const harms: readonly (readonly [string, (feed: Feed) => Promise<void>])[] = [
  [
    'a manifest that somebody changed',
    (feed) => swap(feed, 'SHA256SUMS', (text) => text.replaceAll(after, '6.6.6')),
  ],
  ['no signature', (feed) => swap(feed, 'SHA256SUMS.gpg', () => undefined)],
  [
    'the signature of another manifest',
    (feed) => sign(feed, keys, (text) => text.replaceAll(after, '1.0.9')),
  ],
  ['a signature by another key', (feed) => sign(feed, stranger, (text) => text)],
];

/** What is wrong with a host. */
const lacks: readonly (readonly [string, () => Promise<void>])[] = [
  ['no ring', () => placeRing(undefined)],
  ['an armored ring', async () => placeRing(await armored(keys.ring))],
  ['the ring of another feed', () => placeRing(stranger.ring)],
];

let host: DebianHost;

describe.each(suitesAsked())('a host with systemd of %s', (suite) => {
  let owned: AsyncDisposableStack;
  beforeAll(async () => {
    owned = new AsyncDisposableStack();
    host = owned.use(await startHost(await debianRoot(testbedCache(), exec, suite)));
  });
  afterAll(() => owned.disposeAsync());

  describe.each([
    'a directory store',
    'a mirror of it',
    'the releases of a repository',
    'the redirector',
    'Caddy',
  ])('and %s', (what) => {
    let feed: Feed;
    beforeAll(async () => {
      feed = feeds.get(what) ?? (await Promise.reject(new Error(what)));
      await host.run('rm', ['-rf', '/opt/extensions', '/etc/extensions', '/etc/sysupdate.alpha.d']);
      await host.run('mkdir', ['/etc/extensions']);
      // 254 reads nothing but .conf, and wants the folder of the images to be there.
      const file = suite === 'bookworm-backports' ? 'alpha.conf' : 'alpha.transfer';
      await host.run('mkdir', ['-p', '/opt/extensions/alpha']);
      const text = (await feed.store.read('alpha', file)) ?? '';
      expect(text).toContain('Verify=true');
      await host.write(`/etc/sysupdate.alpha.d/${file}`, text.replace(/^Path=http.*$/m, `Path=${feed.url}`));
      await placeRing(keys.ring);
    });

    it('takes what the feed’s key signed', async () => {
      expect(await update(before)).toBe('');
      expect(await state()).toEqual([image(before), sampleContent(image(before))]);
    });

    it.each(harms)('refuses %s and stays as it is', async (_what, harm) => {
      const good = await indexOf(feed);
      await harm(feed);
      try {
        expect(await update()).not.toBe('');
        expect(await state()).toEqual([image(before), sampleContent(image(before))]);
      } finally {
        await write(feed, good);
      }
    });

    it.each(lacks)('refuses everything with %s', async (_what, change) => {
      await change();
      expect(await update()).not.toBe('');
      expect(await state()).toEqual([image(before), sampleContent(image(before))]);
      await placeRing(keys.ring);
    });

    it('goes on when all is well again', async () => {
      expect(await update()).toBe('');
      expect((await state())[0]).toBe(image(after));
    });
  });
});

async function startFolder(name: string): Promise<Feed & { readonly root: string }> {
  const root = join(folder, name);
  await mkdir(root);
  const server = stack.use(await serveFolder(root));
  return { root, store: directoryStore(root, server.url), url: `${server.url}alpha/` };
}

async function publish(store: Store): Promise<void> {
  for (const version of [before, after]) await publishSample(store, 'alpha', version);
  const signer = await signerOf(keys);
  const context = { store, hub: undefined, names: ['alpha'], signer: () => Promise.resolve(signer) };
  await updateExtensionMetadata('alpha', sampleRecipe('alpha'), context);
  await updateGlobalMetadata(context);
}

function signerOf({ signingKey, ring }: KeySet) {
  const key = { text: signingKey, passphrase: undefined, place: 'the key' };
  return keySigner(key, { bytes: ring, place: 'the ring' }, gpg);
}

async function mirror(from: { readonly root: string }, to: Feed & { readonly root: string }): Promise<void> {
  const source = folderSource(from.root);
  const context = {
    source,
    store: to.store,
    root: to.root,
    report: silentReport,
    sleep: async () => {},
    ...gpg,
  };
  const { failures } = await mirrorBakery(
    { extensions: [], prune: false, hub: undefined, known: [] },
    context,
  );
  expect(failures).toEqual([]);
}

async function indexOf({ store }: Feed): Promise<readonly MetadataAsset[]> {
  const [release] = await store.releases(['alpha']);
  return Promise.all(
    (release?.assets ?? []).map(async (asset) => {
      const text = asset.name.startsWith('SHA256SUMS') ? await store.read('alpha', asset.name) : undefined;
      return text === undefined
        ? { name: asset.name, from: { tag: 'alpha', asset } }
        : { name: asset.name, text };
    }),
  );
}

async function write({ store }: Feed, assets: readonly MetadataAsset[]): Promise<void> {
  await store.replace('alpha', async () => ({ title: 'alpha', notes: '', newest: false, assets }));
}

async function swap(feed: Feed, name: string, change: (text: string) => string | undefined): Promise<void> {
  const assets = (await indexOf(feed)).flatMap((asset): MetadataAsset[] => {
    if (asset.name !== name || !('text' in asset)) return [asset];
    const text = change(String(asset.text));
    return text === undefined ? [] : [{ name, text }];
  });
  await write(feed, assets);
}

async function sign(feed: Feed, by: KeySet, change: (text: string) => string): Promise<void> {
  const manifest = (await feed.store.read('alpha', 'SHA256SUMS')) ?? '';
  const signature = await (await signerOf(by)).sign(change(manifest));
  await swap(feed, 'SHA256SUMS.gpg', () => signature);
}

async function armored(ring: Uint8Array): Promise<string> {
  await using home = await openGpgHome(gpg);
  await home.must('the ring', ['--import', await home.place('ring', ring)]);
  return home.must('the ring', ['--armor', '--export']);
}

async function placeRing(ring: string | Uint8Array | undefined): Promise<void> {
  const paths = ringNames.map((name) => `/etc/systemd/${name}`);
  if (ring === undefined) return void (await host.run('rm', paths));
  const file = join(folder, 'ring-for-hosts');
  await writeFile(file, ring);
  for (const path of paths) await host.place(file, path);
}

/** What systemd-sysupdate complains of; nothing when it works. */
async function update(...version: readonly string[]): Promise<string> {
  const { code, stderr } = await host.run('systemd-sysupdate', ['-C', 'alpha', 'update', ...version]);
  return code === 0 ? '' : stderr;
}

/** Where the link leads, and what is there. */
async function state(): Promise<readonly (string | undefined)[]> {
  const target = await host.readlink('/etc/extensions/alpha.raw');
  return [target?.split('/').at(-1), await host.read('/etc/extensions/alpha.raw')];
}

function image(version: string): string {
  return imageName({ name: 'alpha', version, arch });
}
