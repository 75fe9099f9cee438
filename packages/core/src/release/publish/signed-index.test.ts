import { spawnSync } from 'node:child_process';
import { mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newRelease } from '../../../testing/sample-releases.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import { spawnExec } from '../../ports/spawn.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { FeedSigner } from '../../signing/feed-signer.ts';
import { makeKeys, switchKeys, type KeySet } from '../../signing/key-set.ts';
import { keySigner, type SigningContext } from '../../signing/key-signer.ts';
import { verifyAsHosts } from '../../signing/ring.ts';
import { directoryStore } from '../../store/directory.ts';
import { bestBeforeIn } from '../../sysupdate/manifest.ts';
import { updateMetadata } from '../metadata/update-metadata.ts';
import { readBack } from './read-back.ts';

const recipeBook: RecipeBook = {
  names: [],
  folder: () => undefined,
  find: () => Promise.reject(new Error()),
};

let stack: AsyncDisposableStack;
let context: SigningContext;
let keys: KeySet;
let signer: FeedSigner;
let root: string;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const scratch = stack.use(await mkdtempDisposable(join(tmpdir(), 's-')));
  context = { exec: spawnExec(process.env), tmpdir: scratch.path, now: Date.now };
  keys = await makeKeys('A feed', { passphrase: '', lifetime: '2y' }, context);
  signer = await signerOf(keys);
});
beforeEach(async () => {
  root = stack.use(await mkdtempDisposable(join(tmpdir(), 'signed-'))).path;
});
afterAll(() => stack.disposeAsync());

describe('the metadata of a signed feed', () => {
  it('has a signature beside each manifest, the ring, and tells hosts to check', async () => {
    await publish('1.0.0');
    expect((await update()).failures).toEqual([]);
    expect(await verified('alpha')).toEqual({ by: keys.roles.active });
    expect(await verified('.')).toEqual({ by: keys.roles.active });
    for (const name of ['import-pubring.gpg', 'import-pubring.pgp']) {
      expect(new Uint8Array(await readFile(join(root, name)))).toEqual(keys.ring);
    }
    expect(await readFile(join(root, 'alpha/alpha.conf'), 'utf8')).toContain('Verify=true');
  });

  it('keeps a signature that is still good, and signs again when the key is another', async () => {
    await publish('1.0.0');
    await update();
    const first = await read('alpha');
    expect((await update()).written).toEqual([]);
    expect(await read('alpha')).toEqual(first);
    const next = await switchKeys(keys, { passphrase: '', lifetime: '2y' }, context);
    const other = await signerOf(next);
    expect((await update(() => Promise.resolve(other))).written).toEqual(['alpha', 'SHA256SUMS']);
    expect(await verified('alpha', next.ring)).toEqual({ by: keys.roles.spare });
    expect((await read('alpha')).text).toBe(first.text);
  });

  it.each([
    ['missing', undefined],
    ['of something else', 'another manifest\n'],
    ['no signature', ''],
  ])('mends a signature that is %s', async (_what, text) => {
    await publish('1.0.0');
    await update();
    const path = join(root, 'alpha/SHA256SUMS.gpg');
    await writeFile(path, text === undefined || text === '' ? (text ?? 'gone') : await signer.sign(text));
    expect((await update()).failures).toEqual([]);
    expect(await verified('alpha')).toEqual({ by: keys.roles.active });
  });

  it('is good for the days it says, renewed once a week and as a pair, also after a run that was killed in it', async () => {
    let days = 0;
    const bestBefore = { days: 30, now: () => Date.parse('2030-03-01T12:00Z') + days * 86_400_000 };
    const nightly = () => update(() => Promise.resolve({ ...signer, bestBefore }));
    await publish('1.0.0');
    await nightly();
    for (const folder of ['alpha', '.']) expect(await dayOf(folder)).toBe('2030-03-31');
    days = 6;
    expect((await nightly()).written).toEqual([]);
    const { signature } = await read('alpha');
    days = 7;
    expect((await nightly()).written).toEqual(['alpha', 'SHA256SUMS']);
    await writeFile(join(root, 'alpha/SHA256SUMS.gpg'), signature);
    days = 8;
    expect((await nightly()).written).toEqual(['alpha']);
    expect(await verified('alpha')).toEqual({ by: keys.roles.active });
    for (const folder of ['alpha', '.']) expect(await dayOf(folder)).toBe('2030-04-07');
    expect((await readBack(store(), ['alpha'], [], { info: () => undefined })).differences).toEqual([]);
    await update();
    for (const folder of ['alpha', '.']) expect(await dayOf(folder)).toBeUndefined();
  });

  it('is not touched when it cannot be signed', async () => {
    await publish('1.0.0');
    await update();
    const before = await everything();
    await publish('1.1.0');
    await expect(update(() => Promise.reject(new UserError('signing.no-key', 'no key')))).rejects.toThrow(
      'no key',
    );
    const after = await everything();
    expect(Object.keys(before).filter((name) => after[name] !== before[name])).toEqual([]);
  });

  it('is no longer signed once nobody wants it to be', async () => {
    await publish('1.0.0');
    await update();
    expect((await update(() => Promise.resolve(undefined))).failures).toEqual([]);
    expect(Object.keys(await everything()).filter((name) => /gpg$|pgp$/.test(name))).toEqual([]);
    expect(await readFile(join(root, 'alpha/alpha.conf'), 'utf8')).toContain('Verify=false');
  });
});

/** Kills a process that replaces an index just before each of its changes to the file system. */
it('a run killed at any step never shows a signature before its manifest, and the next run mends the pair', async () => {
  const kill = join(import.meta.dirname, '../../../../cli/e2e/kill-before.ts');
  const child = join(import.meta.dirname, '../../../testing/replace-pair.ts');
  await publish('1.0.0');
  await update();
  const old = await read('alpha');
  const text = old.text.replaceAll('1.0.0', '1.0.1');
  await writeFile(join(root, 'next'), text);
  await writeFile(join(root, 'next.gpg'), await signer.sign(text));
  const states = new Set<string>();
  for (let step = 1; ; step++) {
    const { signal, status } = spawnSync(process.execPath, ['--import', kill, child, root], {
      env: { ...process.env, KILL_BEFORE: String(step) },
    });
    const now = await read('alpha');
    const manifest = now.text === old.text ? 'old' : 'new';
    const signature = now.signature === old.signature ? 'old' : 'new';
    states.add(`${manifest} manifest, ${signature} signature`);
    expect((await update()).failures).toEqual([]);
    expect(await verified('alpha')).toEqual({ by: keys.roles.active });
    await writeFile(join(root, 'alpha/SHA256SUMS.gpg'), old.signature);
    if (signal === null) {
      expect(status).toBe(0);
      expect(step).toBeGreaterThan(5);
      break;
    }
  }
  expect([...states].toSorted()).toEqual([
    'new manifest, new signature',
    'new manifest, old signature',
    'old manifest, old signature',
  ]);
});

function signerOf(set: KeySet): Promise<FeedSigner> {
  const key = { text: set.signingKey, passphrase: undefined, place: 'the key' };
  return keySigner(key, { bytes: set.ring, place: 'the ring' }, context);
}

function store() {
  return directoryStore(root, 'http://127.0.0.1:8080');
}

async function publish(version: string): Promise<void> {
  const tag = `alpha-${version}`;
  await using release = await newRelease(tag, { [`${tag}-x86-64.raw`]: 'image' });
  await store().publish(release);
}

function update(use: () => Promise<FeedSigner | undefined> = () => Promise.resolve(signer)) {
  return updateMetadata(['alpha'], { store: store(), hub: undefined, recipeBook, signer: use });
}

async function read(folder: string): Promise<{ readonly text: string; readonly signature: string }> {
  const [text = '', signature = ''] = await Promise.all(
    ['SHA256SUMS', 'SHA256SUMS.gpg'].map((name) => readFile(join(root, folder, name), 'utf8')),
  );
  return { text, signature };
}

async function dayOf(folder: string): Promise<string | undefined> {
  return bestBeforeIn((await read(folder)).text);
}

async function verified(folder: string, ring = keys.ring) {
  return verifyAsHosts(await read(folder), { bytes: ring, place: 'ring' }, context);
}

async function everything(): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes('.bakery'));
  const contents = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path, await readFile(path, 'latin1')] as const;
  });
  return Object.fromEntries(await Promise.all(contents));
}
