import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openpgpSigner } from '@bakery/testbed/openpgp-signer.ts';
import { spawnExec } from '../ports/spawn.ts';
import { commandSigner } from './command-signer.ts';
import { warnOfEnd } from './end-of-key.ts';
import { dropRetired, type KeySet, makeKeys, switchKeys } from './key-set.ts';
import { keySigner, type SigningContext } from './key-signer.ts';
import { type SignMode, openSigner } from './open-signer.ts';
import { keysOfRing, verifyAsHosts } from './ring.ts';

const manifest = `${'0'.repeat(64)}  alpha-1-x86-64.raw\n`;
const wishes = { passphrase: 'two  words $x', lifetime: '2y' };
const now = Date.now;

let scratch: Awaited<ReturnType<typeof mkdtempDisposable>>;
let context: SigningContext;
let keys: KeySet;
beforeAll(async () => {
  scratch = await mkdtempDisposable(join(tmpdir(), 's-'));
  context = { exec: spawnExec(process.env), tmpdir: scratch.path, now };
  keys = await makeKeys('A feed', wishes, context);
});
afterAll(() => scratch[Symbol.asyncDispose]());

function signerOf(set: KeySet, ring = set.ring, passphrase = wishes.passphrase) {
  const key = { text: set.signingKey, passphrase, place: 'the key' };
  return keySigner(key, { bytes: ring, place: 'the ring' }, context);
}

describe('the keys of a feed', () => {
  it('are one that certifies and two that sign, both known to hosts from the first day', async () => {
    const { primary, active, spare } = keys.roles;
    const ring = await keysOfRing({ bytes: keys.ring, place: 'ring' }, context);
    expect(ring.map(({ fingerprint, canSign }) => [fingerprint, canSign])).toEqual([
      [primary, false],
      [active, true],
      [spare, true],
    ]);
  });

  it('give CI nothing but the active one, which signs what hosts verify', async () => {
    const signer = await signerOf(keys);
    expect(signer.fingerprint).toBe(keys.roles.active);
    const signature = await signer.sign(manifest);
    const ring = { bytes: keys.ring, place: 'ring' };
    expect(await verifyAsHosts({ text: manifest, signature }, ring, context)).toEqual({
      by: keys.roles.active,
    });
    expect(await signer.isOwn(manifest, signature)).toBe(true);
    expect(await signer.isOwn(manifest.replace('alpha', 'omega'), signature)).toBe(false);
    expect(await signer.isOwn(manifest, 'no signature')).toBe(false);
  });

  it('rotate so that hosts with the ring before accept what comes after, and drop in the end', async () => {
    const next = await switchKeys(keys, wishes, context);
    expect(next.roles).toMatchObject({ active: keys.roles.spare, retired: [keys.roles.active] });
    const signer = await signerOf(next);
    const signature = await signer.sign(manifest);
    const [old, both] = [keys.ring, next.ring].map((bytes) => ({ bytes, place: 'ring' }));
    if (!old || !both) throw new Error('two rings');
    expect(await verifyAsHosts({ text: manifest, signature }, old, context)).toEqual({
      by: keys.roles.spare,
    });
    const before = await (await signerOf(keys)).sign(manifest);
    expect(await verifyAsHosts({ text: manifest, signature: before }, both, context)).toMatchObject({
      by: keys.roles.active,
    });
    expect(await signer.isOwn(manifest, before)).toBe(false); // so that everything is signed by the new key
    const { ring } = await dropRetired(next, wishes.passphrase, context);
    const dropped = { bytes: ring, place: 'ring' };
    expect(await verifyAsHosts({ text: manifest, signature: before }, dropped, context)).toHaveProperty(
      'why',
    );
    expect(await verifyAsHosts({ text: manifest, signature }, dropped, context)).toHaveProperty('by');
  });
});

describe('a key that cannot sign for hosts is refused before anything is signed', () => {
  it('with a wrong passphrase', async () => {
    await expect(signerOf(keys, keys.ring, 'guess')).rejects.toThrow('cannot sign with');
  });

  it.each([
    ['empty', () => ''],
    ['cut off', (text: string) => text.slice(0, 300)],
    ['something else', () => 'secret\n'],
  ])('when it is %s', async (_what, spoil) => {
    await expect(signerOf({ ...keys, signingKey: spoil(keys.signingKey) })).rejects.toThrow(
      'the key: expected a secret',
    );
  });

  it('when hosts have another ring, or an armored one', async () => {
    using other = openpgpSigner();
    await expect(signerOf(keys, other.ring)).rejects.toThrow('expected a key that is in the ring');
    await expect(signerOf(keys, Buffer.from(other.publicKey))).rejects.toThrow('got an armored one');
  });

  it('when it has expired', async () => {
    const key = { text: keys.signingKey, passphrase: wishes.passphrase, place: 'the key' };
    const later = { ...context, now: () => Date.now() + 3 * 366 * 86_400_000 };
    const work = keySigner(key, { bytes: keys.ring, place: 'the ring' }, later);
    await expect(work).rejects.toThrow('expected a key that has not expired, got');
  });
});

describe('a program that signs', () => {
  it('gets the manifest and prints the signature', async () => {
    using own = openpgpSigner();
    const argv = ['gpg', '--homedir', own.home, '--batch', '--quiet', '--armor', '--detach-sign'];
    const command = { argv, cwd: scratch.path, env: {} };
    const signer = await commandSigner(command, { bytes: own.ring, place: 'the ring' }, context);
    expect(signer.fingerprint).toBe(own.fingerprint);
    expect(await signer.isOwn(manifest, await signer.sign(manifest))).toBe(true);
  });

  it.each([
    ['fails', 'echo no card >&2; exit 3', 'sign.command: sh ended with exit code 3: no card'],
    ['prints something else', 'echo done', 'expected sh to print an armored OpenPGP signature'],
  ])('is refused when it %s', async (_what, script, message) => {
    await expect(signWith(script)).rejects.toThrow(message);
  });
});

describe('a feed', () => {
  it('is unsigned where there is no key and never was one', async () => {
    expect(await open('auto', ['SHA256SUMS'])).toBeUndefined();
  });

  it('that was signed needs its key, until somebody says otherwise', async () => {
    const signed = ['SHA256SUMS', 'SHA256SUMS.gpg'];
    await expect(open('auto', signed)).rejects.toThrow('dir:out: is signed: expected its key');
    expect(await open('off', signed)).toBeUndefined();
  });

  it.each([
    ['is there', ['SHA256SUMS.gpg']],
    ['is being exchanged, by the keys beside it', ['import-pubring.gpg']],
  ])('is known for signed when its signature %s', async (_what, assets) => {
    await expect(open('auto', assets)).rejects.toThrow('is signed: expected its key');
  });

  it('that must be signed needs a key', async () => {
    await expect(open('required', [])).rejects.toThrow('sign: required: expected a key');
  });
});

it('warns before a key ends', () => {
  const fingerprint = 'F';
  const day = 86_400;
  expect(warnOfEnd({ fingerprint, expires: 100 * day }, 0)).toBeUndefined();
  expect(warnOfEnd({ fingerprint, expires: 59 * day }, 0)).toContain('signs for 59 more days');
  expect(warnOfEnd({ fingerprint, expires: undefined }, 0)).toBeUndefined();
});

it('leaves nothing behind', async () => {
  const left = await readdir(scratch.path);
  expect(left.filter((name) => name.startsWith('bakery-'))).toEqual([]);
});

function signWith(script: string) {
  const argv = ['sh', '-c', script];
  const command = { argv, cwd: scratch.path, env: { PASSPHRASE: wishes.passphrase } };
  return commandSigner(command, { bytes: keys.ring, place: 'the ring' }, context);
}

function open(mode: SignMode, assets: readonly string[]) {
  return openSigner(
    { mode, command: undefined, key: undefined, ring: undefined },
    { name: 'dir:out', hasAny: async (_tag, asked) => asked.some((name) => assets.includes(name)) },
    context,
  );
}
