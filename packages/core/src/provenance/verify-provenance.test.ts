import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type SigstoreAuthority, sigstoreAuthority } from '@bakery/testbed/sigstore-authority.ts';
import { hashOf } from '../fetch/hashing.ts';
import { type Builder, verifyProvenance } from './verify-provenance.ts';

const bytes = 'an image';
const fork = 'someone/bakery';
const upstream = 'flatcar/sysext-bakery';
const issuer = 'https://token.actions.githubusercontent.com';
const commit = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
const own = `https://github.com/${fork}/.github/workflows/bake.yaml@refs/heads/main`;
const called = `https://github.com/${upstream}/.github/workflows/bake.yaml@refs/tags/v1`;

let sigstore: SigstoreAuthority;
beforeAll(async () => {
  sigstore = await sigstoreAuthority();
});

interface Made {
  readonly sha256?: string;
  readonly identity?: string;
  readonly repository?: string;
  readonly predicateType?: string;
}

async function check(made: Made, builder: Builder, authority = sigstore) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'provenance-'));
  const image = join(folder.path, 'nodejs-24.1.0-arm64.raw');
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      { name: 'other', digest: { sha256: hashOf('other') } },
      { name: 'nodejs-24.1.0-arm64.raw', digest: { sha256: made.sha256 ?? hashOf(bytes) } },
    ],
    predicateType: made.predicateType ?? 'https://slsa.dev/provenance/v1',
    predicate: {},
  };
  const repository = `https://github.com/${made.repository ?? fork}`;
  const bundle = await authority.attest(statement, {
    identity: made.identity ?? own,
    issuer,
    repository,
    commit,
  });
  await writeFile(image, bytes);
  await writeFile(join(folder.path, 'nodejs-24.1.0.sigstore.json'), JSON.stringify(bundle));
  return await verifyProvenance(image, builder, { trustedRoot: () => Promise.resolve(sigstore.root) });
}

describe('verifyProvenance', () => {
  it('tells repository, workflow and commit of an image whose bundle lies beside it', async () => {
    expect(await check({}, { repository: fork, workflow: 'bake.yaml' })).toMatchObject({
      sha256: hashOf(bytes),
      identity: own,
      repository: `https://github.com/${fork}`,
      commit,
    });
  });

  it('takes a workflow of another repository only when that is named', async () => {
    const made = { identity: called };
    expect(await check(made, { repository: fork, signer: upstream })).toMatchObject({ identity: called });
    await expect(check(made, { repository: fork })).rejects.toThrow(
      /expected an attestation by .*, got one by /,
    );
  });

  it.each<[string, Made, Builder, RegExp]>([
    [
      'another repository',
      {},
      { repository: upstream },
      /got one by \S+bake\.yaml@\S+ .* run for \S+someone\/bakery$/,
    ],
    ['a run for another repository', { repository: 'x/y' }, { repository: fork }, /run for \S+x\/y$/],
    [
      'another workflow',
      {},
      { repository: fork, workflow: 'release.yaml' },
      /by \S+release\.yaml, got one by/,
    ],
    ['another digest', { sha256: hashOf('x') }, { repository: fork }, /got one of something else$/],
    [
      'another statement',
      { predicateType: 'https://x.example' },
      { repository: fork },
      /got one of something else$/,
    ],
  ])('refuses %s', async (_, made, builder, message) => {
    await expect(check(made, builder)).rejects.toThrow(message);
  });

  it('refuses what a Sigstore nobody trusts has signed', async () => {
    const stranger = await sigstoreAuthority();
    await expect(check({}, { repository: fork }, stranger)).rejects.toThrow(
      /signature that holds at .*, got: /,
    );
  });

  it('says where it looked for the bundle', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'provenance-'));
    const image = join(folder.path, 'x-1-x86-64.raw');
    await writeFile(image, bytes);
    const looked = verifyProvenance(
      image,
      { repository: fork },
      { trustedRoot: () => Promise.reject(new Error()) },
    );
    await expect(looked).rejects.toThrow(/expected its attestation at \S+\/x-1\.sigstore\.json, found none$/);
  });
});
