import { copyFile, mkdtempDisposable, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot, suitesAsked, testbedCache } from '@bakery/testbed/debian-host/debian-root.ts';
import { newRelease } from '../../testing/sample-releases.ts';
import { imageName } from '../names/file-names.ts';
import { ringNames } from '../names/ring-names.ts';
import { spawnExec } from '../ports/spawn.ts';
import type { RecipeBook } from '../recipe/recipe-book.ts';
import { updateMetadata } from '../release/metadata/update-metadata.ts';
import { type FileServer, serveFolder } from '../serve/serve-folder.ts';
import { directoryStore } from '../store/directory.ts';
import type { BestBefore } from './feed-signer.ts';
import { dropRetired, type KeySet, makeKeys, switchKeys } from './key-set.ts';
import { keySigner, type SigningContext } from './key-signer.ts';

const arch = process.arch === 'arm64' ? 'arm64' : 'x86-64';
const wishes = { passphrase: '', lifetime: '2y' };
const recipeBook: RecipeBook = {
  names: [],
  folder: () => undefined,
  find: () => Promise.reject(new Error()),
};

let stack: AsyncDisposableStack;
let context: SigningContext;
let host: DebianHost;
let server: FileServer;
let folder: string;
let keys: KeySet;
let transfer: string;
describe.each(suitesAsked())('on Debian %s', (suite) => {
  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    context = { exec: spawnExec(process.env), tmpdir: tmpdir(), now: Date.now };
    const root = await debianRoot(testbedCache(), context.exec, suite);
    keys = await makeKeys('A feed', wishes, context);
    folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'signed-feed-'))).path;
    server = stack.use(await serveFolder(folder));
    host = stack.use(await startHost(root));
    await host.run('mkdir', ['-p', '/etc/extensions']);
    await publish('1.0.0', keys);
    // 254 reads nothing but .conf, and wants the folder of the images to be there.
    transfer = suite === 'bookworm-backports' ? 'alpha.conf' : 'alpha.transfer';
    await host.run('mkdir', ['-p', '/opt/extensions/alpha']);
    await host.place(join(folder, 'alpha', transfer), `/etc/sysupdate.alpha.d/${transfer}`);
  });
  afterAll(() => stack.disposeAsync());

  it('a host with the ring updates from a signed folder, and the ring is in it', async () => {
    expect(await host.read(`/etc/sysupdate.alpha.d/${transfer}`)).toContain('Verify=true');
    for (const name of ringNames) await host.place(join(folder, name), `/etc/systemd/${name}`);
    expect(await update()).toBe('');
    expect(await current()).toBe(image('1.0.0'));
  });

  it.each<[string, () => Promise<void>]>([
    ['a manifest somebody changed', () => spoil('SHA256SUMS', (text) => text.replaceAll('1.1.0', '6.6.6'))],
    ['no signature', () => rm(join(folder, 'alpha/SHA256SUMS.gpg'))],
    [
      'a signature of the manifest before',
      () => copyFile(join(folder, 'old.gpg'), join(folder, 'alpha/SHA256SUMS.gpg')),
    ],
    ['another key', () => publish('1.1.0', undefined)],
  ])('refuses %s and keeps what it has; with the next run of the bakery it goes on', async (_what, harm) => {
    await copyFile(join(folder, 'alpha/SHA256SUMS.gpg'), join(folder, 'old.gpg'));
    await publish('1.1.0', keys);
    await harm();
    expect(await update()).not.toBe('');
    expect(await current()).toBe(image('1.0.0'));
    await publish('1.1.0', keys);
    const { code } = await host.run('systemd-sysupdate', ['-C', 'alpha', 'list']);
    expect(code).toBe(0);
    await withdraw('1.1.0');
  });

  it('refuses everything without the ring, or with an armored one', async () => {
    const rings = ringNames.map((name) => `/etc/systemd/${name}`);
    await host.run('rm', rings);
    expect(await update()).not.toBe('');
    for (const ring of rings) await host.write(ring, '-----BEGIN PGP PUBLIC KEY BLOCK-----\n');
    expect(await update()).not.toBe('');
    await place(keys.ring);
  });

  it('goes on while the key is rotated: with the ring from before, then with both, then with the new one', async () => {
    const next = await switchKeys(keys, wishes, context);
    await publish('2.0.0', next);
    expect(await update()).toBe(''); // the spare key was in the ring from the first day
    expect(await current()).toBe(image('2.0.0'));
    await place(next.ring);
    await publish('2.1.0', next);
    expect(await update()).toBe('');
    const dropped = await dropRetired(next, '', context);
    await place(dropped.ring);
    await publish('2.2.0', dropped);
    expect(await update()).toBe('');
    expect(await current()).toBe(image('2.2.0'));
    await publish('2.3.0', keys); // by the key that was dropped
    // From 262 on, a signature may bring along a key that the primary one in the ring certified.
    expect(await update()).toEqual(suite === 'sid' ? '' : expect.stringContaining('No public key'));
    expect(await current()).toBe(image(suite === 'sid' ? '2.3.0' : '2.2.0'));
  });

  it('believes an index until the day it names, where systemd reads that, and again when a run renewed it', async () => {
    const isRead = suite === 'sid';
    await place(keys.ring);
    await publish('3.0.0', keys, { days: 14, now: Date.now });
    expect(await readFile(join(folder, 'alpha/SHA256SUMS'), 'utf8')).toContain('  BEST-BEFORE-2');
    expect(await update()).toBe('');
    expect(await current()).toBe(image('3.0.0'));
    // As a bakery left it that has not run for 14 days: the day has begun.
    await publish('3.1.0', keys, { days: 14, now: () => Date.now() - 14 * 86_400_000 });
    expect(await update()).toEqual(isRead ? expect.stringContaining('Best before marker') : '');
    expect(await current()).toBe(image(isRead ? '3.0.0' : '3.1.0'));
    const { code } = await host.run('systemd-sysupdate', ['-C', 'alpha', 'list']);
    expect(code).toBe(isRead ? 1 : 0);
    const trusting = [
      'SYSTEMD_SYSUPDATE_VERIFY_FRESHNESS=0',
      'systemd-sysupdate',
      '-C',
      'alpha',
      'check-new',
    ];
    expect(await host.run('env', trusting)).toMatchObject(isRead ? { code: 0, stdout: '3.1.0\n' } : {});
    await publish('3.1.0', keys, { days: 14, now: Date.now });
    expect(await update()).toBe('');
    expect(await current()).toBe(image('3.1.0'));
  });
});

/** Publishes a version and everything hosts read, signed; by a stranger’s key when there are none. */
async function publish(version: string, set: KeySet | undefined, bestBefore?: BestBefore): Promise<void> {
  const by = set ?? (await makeKeys('A stranger', wishes, context));
  const key = { text: by.signingKey, passphrase: undefined, place: 'the key' };
  const signer = await keySigner(key, { bytes: by.ring, place: 'the ring' }, context);
  await using release = await newRelease(`alpha-${version}`, {
    [image(version)]: `image ${version}\n`.repeat(100),
  });
  const store = directoryStore(folder, server.url);
  await store.publish(release);
  const target = {
    store,
    hub: undefined,
    recipeBook,
    signer: () => Promise.resolve({ ...signer, ...(bestBefore === undefined ? {} : { bestBefore }) }),
  };
  expect((await updateMetadata(['alpha'], target)).failures).toEqual([]);
}

async function withdraw(version: string): Promise<void> {
  await rm(join(folder, `alpha-${version}`), { recursive: true });
  await publish('1.0.0', keys);
}

async function spoil(name: string, change: (text: string) => string): Promise<void> {
  const path = join(folder, 'alpha', name);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

async function place(ring: Uint8Array): Promise<void> {
  const file = join(folder, 'ring-for-hosts');
  await writeFile(file, ring);
  for (const name of ringNames) await host.place(file, `/etc/systemd/${name}`);
}

/** What systemd-sysupdate complains of; nothing when it works. */
async function update(): Promise<string> {
  const { code, stderr } = await host.run('systemd-sysupdate', ['-C', 'alpha', 'update']);
  return code === 0 ? '' : stderr;
}

async function current(): Promise<string> {
  const target = await host.readlink('/etc/extensions/alpha.raw');
  return target?.split('/').at(-1) ?? '';
}

function image(version: string): string {
  return imageName({ name: 'alpha', version, arch });
}
