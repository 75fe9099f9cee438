import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Identity,
  type SigstoreAuthority,
  sigstoreAuthority,
} from '@bakery/testbed/sigstore-authority.ts';
import { type Bench, signatureBench } from '../../../testing/signature-bench.ts';
import { fetchArtifacts } from '../fetch-artifacts.ts';
import type { Fetched } from '../fetched.ts';
import { hashOf } from '../hashing.ts';
import type { Integrity } from '../integrity/integrity.ts';
import type { Signature } from './signature.ts';

const bytes = 'the bytes of a tool';
const workflow: Identity & { readonly repository: string } = {
  identity: 'https://github.com/o/tool/.github/workflows/release.yml@refs/tags/v1',
  issuer: 'https://token.actions.githubusercontent.com',
  repository: 'https://github.com/o/tool',
};

let sigstore: SigstoreAuthority;
let stranger: SigstoreAuthority;
beforeAll(async () => {
  [sigstore, stranger] = await Promise.all([sigstoreAuthority(), sigstoreAuthority()]);
});

describe('a cosign signature without a key', () => {
  it('proves an artifact by who signed it', async () => {
    await using bench = await signatureBench();
    bench.server.serve('/tool.sigstore.json', await sigstore.signBlob(bytes, workflow));
    expect(await fetchTool(bench, keyless(bench))).toMatchObject({
      proof: { kind: 'signature' },
      signature: {
        kind: 'cosign',
        signs: 'artifact',
        by: workflow.identity,
        issuer: workflow.issuer,
        source: `${bench.server.url}/tool.sigstore.json`,
      },
    });
  });

  it('proves a file of sums', async () => {
    await using bench = await signatureBench();
    const sums = `${hashOf(bytes)}  tool\n`;
    bench.server.serve('/SHA256SUMS', sums);
    bench.server.serve('/tool.sigstore.json', await sigstore.signBlob(sums, workflow));
    const integrity = { kind: 'sums' as const, sums: `${bench.server.url}/SHA256SUMS` };
    expect(await fetchTool(bench, keyless(bench, { signs: 'sums' }), integrity)).toMatchObject({
      proof: { kind: 'hash', hex: hashOf(bytes) },
      signature: { kind: 'cosign', signs: 'sums' },
    });
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ['of other bytes', () => sigstore.signBlob('other', workflow), /got one of [0-9a-f]{64}$/],
    [
      'by somebody else',
      () => sigstore.signBlob(bytes, { ...workflow, identity: `${workflow.identity}0` }),
      /expected a signature by \S+refs\/tags\/v1 \(\S+\) at \S+, got one by \S+refs\/tags\/v10 /,
    ],
    [
      'vouched for by somebody else',
      () => sigstore.signBlob(bytes, { ...workflow, issuer: 'https://accounts.example.org' }),
      /got one by \S+ \(https:\/\/accounts\.example\.org\)$/,
    ],
    [
      'of a Sigstore nobody trusts',
      () => stranger.signBlob(bytes, workflow),
      /signature that holds at \S+, got: /,
    ],
    ['that is none', async () => '{"a": 1}', /expected a Sigstore bundle, got "\{\\"a\\": 1\}": /],
    [
      'put over the digest of these',
      async () => {
        const other = JSON.parse(await sigstore.signBlob('other', workflow));
        other.messageSignature.messageDigest.digest = Buffer.from(hashOf(bytes), 'hex').toString('base64');
        return JSON.stringify(other);
      },
      /signature that holds at \S+, got: /,
    ],
    [
      'no log has heard of',
      async () => {
        const other = JSON.parse(await sigstore.signBlob(bytes, workflow));
        other.verificationMaterial.tlogEntries = [];
        return JSON.stringify(other);
      },
      /signature that holds at \S+, got: expected 1 timestamps, got 0$/,
    ],
    [
      'with a certificate that is none',
      async () => {
        const other = JSON.parse(await sigstore.signBlob(bytes, workflow));
        other.verificationMaterial.certificate.rawBytes = 'MIL/';
        return JSON.stringify(other);
      },
      /signature that holds at \S+, got: /,
    ],
    ['that is an attestation', async () => JSON.stringify(await attested()), /got an attestation$/],
  ])('is refused when it is one %s', async (_title, bundle, complaint) => {
    await using bench = await signatureBench();
    bench.server.serve('/tool.sigstore.json', await bundle());
    const message = expect.stringMatching(complaint);
    await expect(fetchTool(bench, keyless(bench))).rejects.toMatchObject({ name: 'UserError', message });
  });

  it('names the bundle that is not there', async () => {
    await using bench = await signatureBench();
    await expect(fetchTool(bench, keyless(bench))).rejects.toThrow(
      `tool: expected its Sigstore bundle at ${bench.server.url}/tool.sigstore.json, got no such file`,
    );
  });
});

describe('a cosign signature by a key', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const signed = (content: string): string =>
    sign('sha256', Buffer.from(content), privateKey).toString('base64');

  async function fetchKeyed(bench: Bench, document: string, key = pem): Promise<Fetched> {
    const file = join(bench.folder, 'cosign.pub');
    await writeFile(file, key);
    bench.server.serve('/tool.sig', document);
    const cosign = `${bench.server.url}/tool.sig`;
    return fetchTool(bench, { kind: 'cosign-key', cosign, key: file, signs: 'artifact' });
  }

  it.each([
    ['base64', () => `${signed(bytes)}\n`],
    ['a bundle', () => JSON.stringify({ messageSignature: { signature: signed(bytes) } })],
    [
      'a bundle of an older cosign',
      () => JSON.stringify({ base64Signature: signed(bytes), rekorBundle: {} }),
    ],
  ])('proves an artifact as %s', async (_title, document) => {
    await using bench = await signatureBench();
    expect((await fetchKeyed(bench, document())).signature).toEqual({
      kind: 'cosign',
      signs: 'artifact',
      by: `sha256:${hashOf(publicKey.export({ type: 'spki', format: 'der' }))}`,
      source: `${bench.server.url}/tool.sig`,
    });
  });

  it.each([
    ['of other bytes', () => signed('other bytes'), pem, /cosign\.pub at \S+, got one that does not fit$/],
    ['that is none', () => '<html>', pem, /expected a base64 signature or a bundle with one, got "<html>"$/],
    [
      'with a key that is none',
      () => signed(bytes),
      'key',
      /expected an ECDSA P-256 public key in PEM, got "key"$/,
    ],
    [
      'with a key of another kind',
      () => signed(bytes),
      generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      /expected an ECDSA P-256 public key in PEM, got ed25519$/,
    ],
  ])('is refused when it is one %s', async (_title, document, key, complaint) => {
    await using bench = await signatureBench();
    await expect(fetchKeyed(bench, document(), key)).rejects.toThrow(complaint);
  });
});

describe('a GitHub attestation', () => {
  const attestation = { kind: 'attestation' as const, signs: 'artifact' as const, attestation: 'o/tool' };
  const address = `/api/repos/o/tool/attestations/sha256:${hashOf(bytes)}?per_page=100`;

  async function fetchAttested(
    bench: Bench,
    bundles: readonly object[],
    other: object = {},
  ): Promise<Fetched> {
    const attestations = bundles.map((bundle) => ({ bundle, repository_id: 1 }));
    bench.server.serve(address, JSON.stringify({ attestations }));
    return fetchTool(bench, { ...attestation, ...other });
  }

  it('proves an artifact by the workflow that built it', async () => {
    await using bench = await signatureBench();
    const fetched = await fetchAttested(bench, [await attested(bytes, {}, stranger), await attested()], {
      workflow: 'release.yml',
    });
    expect(fetched.signature).toEqual({
      kind: 'attestation',
      signs: 'artifact',
      by: workflow.identity,
      issuer: workflow.issuer,
      source: `${bench.server.url}${address}`,
    });
    const asked = bench.server.log.find(({ path }) => path === address);
    expect(asked?.headers['x-github-api-version']).toBe('2022-11-28');
  });

  it.each<[string, () => Promise<object>, RegExp]>([
    ['of other bytes', () => attested('other'), /was built, got one of something else$/],
    [
      'of something else than where it was built',
      () => sigstore.attest({ ...statement(bytes), predicateType: 'https://spdx.dev/Document' }, workflow),
      /got one of something else$/,
    ],
    [
      'by another repository',
      () => attested(bytes, { identity: workflow.identity.replace('o/tool', 'o/tool2') }),
      /expected an attestation by https:\/\/github\.com\/o\/tool\/\.github\/workflows\/release\.yml, got one by \S+tool2/,
    ],
    [
      'by its workflow run for somebody else',
      () => attested(bytes, { repository: 'https://github.com/evil/tool' }),
      /run for https:\/\/github\.com\/evil\/tool$/,
    ],
    [
      'by another workflow',
      () => attested(bytes, { identity: workflow.identity.replace('release.yml', 'test.yml') }),
      /got one by \S+test\.yml/,
    ],
    ['by another issuer', () => attested(bytes, { issuer: 'https://example.org' }), /https:\/\/example\.org/],
    ['of a Sigstore nobody trusts', () => attested(bytes, {}, stranger), /signature that holds at/],
    [
      'that is a signature',
      async () => JSON.parse(await sigstore.signBlob(bytes, workflow)),
      /got one of a file$/,
    ],
  ])('is refused when it is one %s', async (_title, bundle, complaint) => {
    await using bench = await signatureBench();
    await expect(fetchAttested(bench, [await bundle()], { workflow: 'release.yml' })).rejects.toThrow(
      complaint,
    );
  });

  it('is missed where GitHub knows none', async () => {
    await using bench = await signatureBench();
    const wanted = 'expected an attestation of o/tool, got none';
    await expect(fetchTool(bench, attestation)).rejects.toThrow(wanted);
    await expect(fetchAttested(bench, [])).rejects.toThrow(wanted);
    bench.server.serve(address, '[]');
    await expect(fetchTool(bench, attestation)).rejects.toThrow('expected attestations, got "[]"');
  });
});

function keyless({ server }: Bench, other: object = {}): Signature {
  const { identity, issuer } = workflow;
  const cosign = `${server.url}/tool.sigstore.json`;
  return { kind: 'cosign-keyless', cosign, identity, issuer, signs: 'artifact', ...other };
}

function statement(content: string): object {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'tool', digest: { sha256: hashOf(content) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {},
  };
}

function attested(content = bytes, who: Partial<Identity> = {}, by = sigstore): Promise<object> {
  return by.attest(statement(content), { ...workflow, ...who });
}

async function fetchTool(
  { server, context }: Bench,
  signature: Signature,
  integrity: Integrity = { kind: 'signature' },
): Promise<Fetched> {
  server.serve('/tool', bytes);
  const place = { file: 'recipes/x/recipe.yaml', line: 12, column: 5 };
  const [fetched] = await fetchArtifacts([{ place, url: `${server.url}/tool`, integrity, signature }], {
    ...context,
    trustedRoot: async () => sigstore.root,
  });
  if (fetched === undefined) throw new Error('expected a file');
  return fetched;
}
