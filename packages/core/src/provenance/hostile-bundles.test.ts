import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  type CertificateExtension,
  type SigstoreAuthority,
  sigstoreAuthority,
} from '@bakery/testbed/sigstore-authority.ts';
import { hashOf } from '../fetch/hashing.ts';
import { verifyProvenance } from './verify-provenance.ts';

const image = 'tool-1.0-arm64.raw';
const escapes = '\u001b[2J\u202e\nforged: good';
const who = {
  identity: 'https://github.com/someone/bakery/.github/workflows/bake.yaml@refs/heads/main',
  issuer: 'https://token.actions.githubusercontent.com',
  repository: 'https://github.com/someone/bakery',
  commit: 'c0ffee',
};
const digest = { sha256: hashOf('image') };
const repositoryOid = '1.3.6.1.4.1.57264.1.12';
const commitOid = '1.3.6.1.4.1.57264.1.13';

/** What is changed in a bundle that holds, by whoever hands it over. */
const Bundle = z.looseObject({
  verificationMaterial: z.looseObject({
    certificate: z.looseObject({ rawBytes: z.string() }),
    tlogEntries: z.array(z.looseObject({ canonicalizedBody: z.string() })),
  }),
  dsseEnvelope: z.looseObject({ signatures: z.array(z.object({ sig: z.string() })) }),
});
type Bundle = z.infer<typeof Bundle>;

let sigstore: SigstoreAuthority;
let good: Bundle;
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
beforeAll(async () => {
  sigstore = await sigstoreAuthority();
  good = await attested();
  folder = await mkdtempDisposable(join(tmpdir(), 'hostile-bundles-'));
  await writeFile(join(folder.path, image), 'image');
});
afterAll(async () => folder[Symbol.asyncDispose]());

describe('a bundle of strangers', () => {
  it.each<[string, () => string | Promise<string>, RegExp]>([
    [
      'of 17 MB',
      () => `{"a":"${'x'.repeat(17_000_000)}"}`,
      /tool-1\.0\.sigstore\.json: expected at most \d+ bytes, got more$/,
    ],
    [
      'of 9 MB without sense',
      () => `{"a":"${'x'.repeat(9_000_000)}"}`,
      /expected a Sigstore bundle, got "\{\\"a\\":\\"x+": \S.{0,200}$/,
    ],
    [
      'of a hundred thousand lists',
      () => '['.repeat(100_000) + ']'.repeat(100_000),
      /a Sigstore bundle, got "\[+": 100000 levels of nesting, more than 200$/,
    ],
    ['that is a page', () => '<!doctype html>', /a Sigstore bundle, got "<!doctype html>": /],
    ['that is nothing', () => '', /a Sigstore bundle, got "": /],
    ['that is null', () => 'null', /a Sigstore bundle, got "null": /],
    ['of bytes that are no text', () => '\0\u001b[31m\ufffd', /a Sigstore bundle, got "\\u0000\\u001b\[31m/],
    [
      'of a media type nobody knows',
      () => changed({ mediaType: `application/evil${escapes}` }),
      /a Sigstore bundle, got .*: invalid bundle: mediaType$/,
    ],
    ['whose envelope is a number', () => changed({ dsseEnvelope: 7 }), /a Sigstore bundle, got /],
    ['whose material is a list', () => changed({ verificationMaterial: [] }), /a Sigstore bundle, got /],
    [
      'without a log',
      () => withMaterial({ tlogEntries: [] }),
      /a Sigstore signature that holds at \S+, got: expected 1 timestamps, got 0$/,
    ],
    [
      'whose log is a text',
      () => withMaterial({ tlogEntries: 'x' }),
      /a Sigstore signature that holds at \S+, got: /,
    ],
    [
      'with the same entry three thousand times',
      () => withMaterial({ tlogEntries: Array(3000).fill(entry()) }),
      /a Sigstore signature that holds at \S+, got: duplicate/,
    ],
    [
      'whose entry is of no year',
      () => withEntry({ integratedTime: '9'.repeat(30) }),
      /a Sigstore signature that holds at \S+, got: /,
    ],
    [
      'whose entry is of another kind',
      () => withEntry({ kindVersion: { kind: escapes, version: '9' } }),
      /got: kind\/version mismatch - expected: .* forged: good\/9, received: dsse/,
    ],
    [
      'whose certificate is cut',
      () => withCertificate((bytes) => bytes.subarray(0, 200)),
      /a Sigstore signature that holds at \S+, got: /,
    ],
    [
      'whose certificate says another length',
      () =>
        withCertificate((bytes) =>
          Buffer.concat([Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), bytes.subarray(4)]),
        ),
      /a Sigstore signature that holds at \S+, got: /,
    ],
    [
      'with half a signature',
      () => withSignature((sig) => sig.slice(0, 20)),
      /a Sigstore signature that holds at \S+, got: /,
    ],
    [
      'with an empty signature',
      () => withSignature(() => ''),
      /a Sigstore bundle, got |a Sigstore signature that holds/,
    ],
    [
      'by a workflow whose address forges lines',
      () => signed({}, { identity: `${who.identity}${escapes}` }),
      /, got one by "https:\S+\\u001b\[2J.*\\nforged: good" \(/,
    ],
    [
      'of a repository that forges lines',
      () => signed({}, { repository: `x${escapes}` }),
      /run for "x\\u001b\[2J.*\\nforged: good"$/,
    ],
    [
      'whose certificate names two repositories',
      () => signed({}, { extensions: [utf8(repositoryOid, 'https://github.com/x/y')] }),
      /run for nobody$/,
    ],
    [
      'whose repository is no text',
      () =>
        signed({}, { repository: undefined, extensions: [raw(repositoryOid, `\x04\x21${who.repository}`)] }),
      /run for nobody$/,
    ],
    [
      'whose repository has another length',
      () =>
        signed({}, { repository: undefined, extensions: [raw(repositoryOid, `\x0c\x05${who.repository}`)] }),
      /run for nobody$/,
    ],
    [
      'about fifty thousand other files',
      () =>
        signed({
          subject: Array.from({ length: 50_000 }, (_, at) => ({
            name: `${escapes}${at}`,
            digest: { sha256: hashOf(`${at}`) },
          })),
        }),
      /got one of something else$/,
    ],
    [
      'about subjects of wrong types',
      () => signed({ subject: [{ name: 1, digest: null }] }),
      /got one of something else$/,
    ],
    ['about a subject that is no list', () => signed({ subject: { digest } }), /got one of something else$/],
    [
      'about something nested a thousand times',
      () => signed({ predicate: nested(1000) }),
      /got one of something else$/,
    ],
    [
      'with a statement of another kind',
      () => signed({ predicateType: escapes }),
      /got one of something else$/,
    ],
  ])('%s is refused in words', async (_what, text, message) => {
    const refused = prove(await text());
    await expect(refused).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(message),
    });
    await expect(refused).rejects.not.toThrow(/^forged/m);
  });

  it.each<[string, () => Promise<string>]>([
    [
      'names are odd',
      () =>
        signed({
          subject: [
            { name: escapes, digest },
            { name: '../x', digest },
          ],
        }),
    ],
    [
      'subjects are many',
      () =>
        signed({
          subject: [
            ...Array.from({ length: 2000 }, (_, at) => ({
              name: `${at}`,
              digest: { sha256: hashOf(`${at}`) },
            })),
            { name: 'x', digest },
          ],
        }),
    ],
    [
      'certificate says more than anybody asks',
      () => signed({}, { extensions: [utf8('2.999.1', escapes), raw('2.999.2', '')] }),
    ],
    ['commit is none', () => signed({}, { commit: `c0ffee${escapes}` })],
    ['commit has no end', () => signed({}, { commit: 'c'.repeat(100_000) })],
    ['commit is cut', () => signed({}, { commit: undefined, extensions: [raw(commitOid, '\x0c\x83\x01')] })],
    ['commit is there twice', () => signed({}, { extensions: [utf8(commitOid, 'bad')] })],
  ])('holds where its %s, and tells nothing that is not so', async (what, text) => {
    const { identity, repository, commit } = await prove(await text());
    expect({ identity, repository }).toEqual({ identity: who.identity, repository: who.repository });
    expect(commit).toBe(what.startsWith('commit') ? undefined : 'c0ffee');
  });
});

function prove(bundle: string): ReturnType<typeof verifyProvenance> {
  return writeFile(join(folder.path, 'tool-1.0.sigstore.json'), bundle).then(() =>
    verifyProvenance(
      join(folder.path, image),
      { repository: 'someone/bakery' },
      { trustedRoot: () => Promise.resolve(sigstore.root) },
    ),
  );
}

type Certificate = Partial<Record<'identity' | 'repository' | 'commit', string | undefined>> & {
  readonly extensions?: readonly CertificateExtension[];
};

async function attested(statement: object = {}, certificate: Certificate = {}): Promise<Bundle> {
  const { identity = who.identity, ...more } = certificate;
  const { issuer, repository, commit } = who;
  const said = Object.entries({ repository, commit, ...more }).filter(([, value]) => value !== undefined);
  return Bundle.parse(
    await sigstore.attest(
      {
        _type: 'https://in-toto.io/Statement/v1',
        subject: [{ name: image, digest }],
        predicateType: 'https://slsa.dev/provenance/v1',
        predicate: {},
        ...statement,
      },
      { issuer, ...Object.fromEntries(said), identity },
    ),
  );
}

async function signed(statement: object, certificate: Certificate = {}): Promise<string> {
  return JSON.stringify(await attested(statement, certificate));
}

function changed(more: object): string {
  return JSON.stringify({ ...good, ...more });
}

function withMaterial(more: object): string {
  return changed({ verificationMaterial: { ...good.verificationMaterial, ...more } });
}

function entry(): object {
  return good.verificationMaterial.tlogEntries[0] ?? {};
}

function withEntry(more: object): string {
  return withMaterial({ tlogEntries: [{ ...entry(), ...more }] });
}

function withCertificate(change: (bytes: Buffer) => Buffer): string {
  const bytes = Buffer.from(good.verificationMaterial.certificate.rawBytes, 'base64');
  return withMaterial({ certificate: { rawBytes: change(bytes).toString('base64') } });
}

function withSignature(change: (sig: string) => string): string {
  const signatures = good.dsseEnvelope.signatures.map(({ sig }) => ({ sig: change(sig) }));
  return changed({ dsseEnvelope: { ...good.dsseEnvelope, signatures } });
}

function utf8(oid: string, value: string): CertificateExtension {
  return { oid, value };
}

function raw(oid: string, value: string): CertificateExtension {
  return { oid, value, legacy: true };
}

function nested(levels: number): object {
  let inner = {};
  for (let level = 0; level < levels; level += 1) inner = { inner };
  return inner;
}
