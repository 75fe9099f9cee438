import { mkdir, mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verityKeys, type VerityKeys } from '../../testing/verity-keys.ts';
import { hashOf } from '../fetch/hashing.ts';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import { openSidecarMaker } from './sidecar-maker.ts';

const exec = spawnExec(process.env);

let scratch: Awaited<ReturnType<typeof mkdtempDisposable>>;
let keys: VerityKeys;
let others: VerityKeys;
beforeAll(async () => {
  scratch = await mkdtempDisposable(join(tmpdir(), 'sidecars-'));
  [keys, others] = await Promise.all([verityKeys('a'), verityKeys('b')]);
});
afterAll(() => scratch[Symbol.asyncDispose]());

describe('the files beside an image', () => {
  it('are what dm-verity and systemd take, and the same when made again', async () => {
    const made = [await make('one'), await make('two')];
    const [one, two] = made;
    expect(two?.files).toEqual(one?.files);
    expect(Object.keys(one?.files ?? {})).toEqual(['verity', 'roothash', 'p7s']);
    const at = (kind: string): string => join(scratch.path, 'one', `x-1-x86-64.${kind}`);
    const root = await readFile(at('roothash'), 'utf8');
    expect(root).toMatch(/^[0-9a-f]{64}$/);
    await runChecked(exec, 'veritysetup', ['verify', at('raw'), at('verity'), root]);
    const certificate = join(scratch.path, 'certificate');
    await writeFile(certificate, keys.certificate);
    const trust = ['-certfile', certificate, '-nointern', '-noverify'];
    const signed = ['-inform', 'der', '-in', at('p7s'), '-content', at('roothash')];
    await runChecked(exec, 'openssl', ['smime', '-verify', '-binary', ...signed, ...trust]);
  });

  it('do not verify once a byte of the image is another', async () => {
    const { folder } = await make('tampered');
    const path = join(folder, 'x-1-x86-64.raw');
    const bytes = await readFile(path);
    bytes.writeUInt8(bytes.readUInt8(9000) ^ 1, 9000);
    await writeFile(path, bytes);
    const root = await readFile(join(folder, 'x-1-x86-64.roothash'), 'utf8');
    const verify = await exec.run('veritysetup', ['verify', path, join(folder, 'x-1-x86-64.verity'), root]);
    expect(verify.code).not.toBe(0);
  });

  it('are not made of an image whose end would be cut off', async () => {
    await expect(make('short', 5000)).rejects.toThrow(
      'expected an image of whole blocks of 4096 bytes, got 5000',
    );
  });
});

describe('the key of hash trees', () => {
  it('is missed before anything is made', async () => {
    await expect(openSidecarMaker(undefined, { exec, tmpdir: scratch.path })).rejects.toThrow(
      'verity: sidecar: expected a key in BAKERY_VERITY_KEY and its certificate in BAKERY_VERITY_CERT, got none',
    );
  });

  it.each([
    ['of another certificate', () => ({ ...keys, certificate: others.certificate }), 'key values mismatch'],
    ['that is broken', () => ({ ...keys, key: keys.key.slice(0, 300) }), 'Could not read'],
    [
      'with a broken certificate',
      () => ({ ...keys, certificate: keys.certificate.slice(0, 300) }),
      'Could not read',
    ],
  ])('%s is refused, and leaves no file', async (_what, wrong, why) => {
    const folder = join(scratch.path, 'wrong');
    await mkdir(folder, { recursive: true });
    const opened = openSidecarMaker(wrong(), { exec, tmpdir: folder });
    await expect(opened).rejects.toThrow(why);
    await expect(opened).rejects.not.toThrow(folder);
    expect(await readdir(folder)).toEqual([]);
  });
});

/** With an image of `size` bytes in a folder of its own. */
async function make(name: string, size = 40 * 4096) {
  const folder = join(scratch.path, name);
  await mkdir(folder);
  const path = join(folder, 'x-1-x86-64.raw');
  const bytes = Buffer.alloc(size, 'an image ');
  await writeFile(path, bytes);
  const maker = await openSidecarMaker(keys, { exec, tmpdir: scratch.path });
  const sidecars = await maker({ path, sha256: hashOf(bytes) });
  return { folder, files: Object.fromEntries(sidecars.map(({ kind, sha256 }) => [kind, sha256])) };
}
