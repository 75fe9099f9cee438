import { tmpdir } from 'node:os';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openpgpSigner } from '@bakery/testbed/openpgp-signer.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { readPair } from './signatures.ts';
import type { Source } from './source.ts';

const key = openpgpSigner();
const stranger = openpgpSigner();
afterAll(() => [key, stranger].forEach((one) => one[Symbol.dispose]()));

const [old, fresh] = ['1.0.0', '1.1.0'].map((version) => `${'0'.repeat(64)}  alpha-${version}-x86-64.raw\n`);

let files: Map<string, string | Uint8Array>;
let pauses: number;
beforeEach(() => {
  files = new Map([['import-pubring.gpg', key.ring]]);
  pauses = 0;
});

describe('a manifest and its signature', () => {
  it('are read again where the source is just replacing them', async () => {
    place(fresh, key.detached(old ?? ''));
    const { text, signatures } = await read(() => place(fresh, key.detached(fresh ?? '')));
    expect(text).toBe(fresh);
    expect(signatures.map(({ bytes }) => bytes)).toEqual([files.get('SHA256SUMS.gpg')]);
    expect(pauses).toBe(1);
  });

  it.each([
    ['of another text', () => key.detached(old ?? ''), 'BAD signature'],
    ['by another key', () => stranger.detached(fresh ?? ''), 'No public key'],
  ])('are refused when it is %s for good', async (_what, signature, why) => {
    place(fresh, signature());
    await expect(read()).rejects.toThrow(why);
    await expect(read()).rejects.toMatchObject({ code: 'mirror.signature' });
  });

  it('are read with the ring alone, and without it where nothing is signed', async () => {
    const asked: string[] = [];
    const bytes = async (_tag: string, name: string) => {
      asked.push(name);
      return files.get(name) === undefined ? undefined : Buffer.from(files.get(name) ?? '');
    };
    place(fresh, key.detached(fresh ?? ''));
    await read(undefined, { bytes });
    expect(asked.filter((name) => name.startsWith('import'))).toEqual(['import-pubring.gpg']);
    asked.length = 0;
    files.delete('SHA256SUMS.gpg');
    await read(undefined, { bytes });
    expect(asked.filter((name) => name.startsWith('import'))).toEqual([]);
  });

  it('are refused while the manifest changes all the time', async () => {
    place(fresh, key.detached(fresh ?? ''));
    let count = 0;
    const text = async (): Promise<string> => `${fresh}${count++}`;
    await expect(read(undefined, { text })).rejects.toThrow('changes all the time');
  });

  it.each([
    ['the source hands out no ring', () => files.delete('import-pubring.gpg'), {}],
    ['there is no gpg here', () => undefined, { PATH: '/nonexistent' }],
  ])('are taken as they are where %s', async (_what, change, env) => {
    place(fresh, 'anything');
    change();
    expect((await read(undefined, {}, env)).text).toBe(fresh);
  });
});

function place(text: string | undefined, signature: string | Uint8Array): void {
  files.set('SHA256SUMS', text ?? '').set('SHA256SUMS.gpg', signature);
}

function read(
  duringPause: () => void = () => undefined,
  more: Partial<Source> = {},
  env: Readonly<Record<string, string>> = {},
) {
  const source: Source = {
    name: 'the source',
    bytes: async (_tag, name) => {
      const content = files.get(name);
      return content === undefined ? undefined : Buffer.from(content);
    },
    text: async (_tag, name) => files.get(name)?.toString(),
    image: () => Promise.reject(new Error('no images')),
    ...more,
  };
  const sleep = async (): Promise<void> => {
    pauses++;
    duringPause();
  };
  return readPair('alpha', { source, exec: spawnExec(env), tmpdir: tmpdir(), sleep, report: silentReport });
}
