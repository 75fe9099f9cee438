import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheIn } from '@bakery/core/src/fetch/cache.ts';
import { hashOf } from '@bakery/core/src/fetch/hashing.ts';
import { sigstoreAuthority } from '@bakery/testbed/sigstore-authority.ts';
import { runBakery } from './run-bakery.ts';

const identity = 'https://github.com/someone/bakery/.github/workflows/bake.yaml@refs/heads/main';
const verify = ['--offline', 'verify', '--provenance', 'tool-1.0-arm64.raw'];

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
let here: { readonly folder: string; readonly env: Readonly<Record<string, string>> };
beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'provenance-'));
  const cache = join(folder.path, 'cache');
  here = {
    folder: folder.path,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder.path, BAKERY_CACHE: cache, TMPDIR: tmpdir() },
  };
  const authority = await sigstoreAuthority();
  // As an earlier run with a network left it.
  await cacheIn(cache, { verify: false, now: Date.now }).keepText(
    'sigstore:trusted-root',
    authority.rootText,
  );
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'tool-1.0-arm64.raw', digest: { sha256: hashOf('image') } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {},
  };
  const bundle = await authority.attest(statement, {
    identity,
    issuer: 'https://token.actions.githubusercontent.com',
    repository: 'https://github.com/someone/bakery',
    commit: 'c0ffee',
  });
  await writeFile(join(folder.path, 'tool-1.0-arm64.raw'), 'image');
  await writeFile(join(folder.path, 'tool-1.0.sigstore.json'), JSON.stringify(bundle));
});
afterAll(async () => folder[Symbol.asyncDispose]());

describe('bakery verify --provenance', () => {
  it('tells without a network who published an image; the store names the repository', async () => {
    const { code, stdout, stderr } = await runBakery(here, [...verify, '--store', 'github:someone/bakery']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      `tool-1.0-arm64.raw: published for https://github.com/someone/bakery at commit c0ffee\n  by ${identity}\n  sha256:${hashOf('image')}\n`,
    );
  });

  it.each<[string, string[], RegExp, number]>([
    ['another repository', ['--repository', 'x/y'], /expected an attestation by \S+x\/y\S+, got one by /, 1],
    [
      'another workflow',
      ['--repository', 'someone/bakery', '--workflow', 'x.yaml'],
      /x\.yaml, got one by /,
      1,
    ],
    ['no repository', [], /^bakery: verify: expected --repository OWNER\/NAME, got none$/m, 2],
  ])('refuses %s', async (_, more, message, expected) => {
    const { code, stderr } = await runBakery(here, [...verify, ...more]);
    expect(stderr).toMatch(message);
    expect(code).toBe(expected);
  });
});
