import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { sidecarAddress } from '../../language/address.ts';
import { jsonOrNothing } from '../../language/foreign-data.ts';
import { CosignKeylessSignature, proveBundle } from './cosign-keyless.ts';
import type { SignatureContext, SignatureProof, Signed } from './signature-context.ts';
import { signatureKind } from './signature-kind.ts';

const CosignCertificateSignature = CosignKeylessSignature.extend({
  cosign: sidecarAddress('Address of the signature, as base64.'),
  certificate: sidecarAddress('Address of the certificate: PEM, or that as base64.'),
}).describe('A signature of "cosign sign-blob" without a key, beside its certificate.');
type CosignCertificateSignature = z.infer<typeof CosignCertificateSignature>;

export const cosignCertificateSignature = signatureKind({
  kind: 'cosign-certificate',
  form: '{cosign, certificate, identity, issuer}',
  schema: CosignCertificateSignature.transform((value) => ({
    kind: 'cosign-certificate' as const,
    ...value,
  })),
  prove: async (value, signed, context) => ({ proof: await proveCosignCertificate(value, signed, context) }),
});

// The public log of Sigstore: it proves that the certificate, good for minutes, was so when it signed.
const log = 'https://rekor.sigstore.dev/api/v1/log/entries/retrieve';

/** https://github.com/sigstore/rekor/blob/main/openapi.yaml: what the log knows of one signature. */
const LogEntries = z.array(
  z.record(
    z.string(),
    z.object({
      body: z.string(),
      integratedTime: z.int(),
      logID: z.hex(),
      logIndex: z.int(),
      verification: z.object({
        signedEntryTimestamp: z.string(),
        inclusionProof: z.object({
          checkpoint: z.string(),
          hashes: z.array(z.hex()),
          logIndex: z.int(),
          rootHash: z.hex(),
          treeSize: z.int(),
        }),
      }),
    }),
  ),
);

/** Asks the log for the entry and checks all three as one bundle. */
async function proveCosignCertificate(
  value: CosignCertificateSignature,
  signed: Signed,
  context: SignatureContext,
): Promise<SignatureProof> {
  const signature = signatureIn(await read(value.cosign, 'signature', signed, context), value.cosign);
  const certificate = certificateIn(
    await read(value.certificate, 'certificate', signed, context),
    value.certificate,
  );
  const entry = await logEntry(signature, certificate, signed, context);
  const bundle = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      certificate: { rawBytes: certificate.raw.toString('base64') },
      tlogEntries: [entry],
    },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: base64(signed.sha256) },
      signature,
    },
  };
  return proveBundle(JSON.stringify(bundle), value, signed, context);
}

async function read(
  address: string,
  what: string,
  signed: Signed,
  { documents }: SignatureContext,
): Promise<string> {
  const text = await documents.read(address);
  if (text !== undefined) return text;
  throw new UserError(
    'fetch.no-signature',
    `${signed.address}: expected its ${what} at ${address}, got no such file`,
  );
}

function signatureIn(text: string, source: string): string {
  const found = z.base64().min(1).safeParse(text.trim()).data;
  if (found !== undefined) return found;
  throw unreadable(source, 'a base64 signature', text);
}

function certificateIn(text: string, source: string): X509Certificate {
  const pem = text.startsWith('-----BEGIN') ? text : Buffer.from(text, 'base64').toString('utf8');
  try {
    return new X509Certificate(pem);
  } catch {
    throw unreadable(source, 'a certificate as PEM, or that as base64', text);
  }
}

function unreadable(source: string, wanted: string, text: string): UserError {
  return new UserError(
    'fetch.unreadable-signature',
    `${source}: expected ${wanted}, got ${JSON.stringify(text.slice(0, 80))}`,
  );
}

/** The entry of the log as a bundle holds it. */
async function logEntry(
  signature: string,
  certificate: X509Certificate,
  signed: Signed,
  { documents }: SignatureContext,
): Promise<object> {
  const hash = { algorithm: 'sha256', value: signed.sha256 };
  const publicKey = { content: Buffer.from(certificate.toString()).toString('base64') };
  const spec = { data: { hash }, signature: { content: signature, publicKey } };
  const question = { entries: [{ apiVersion: '0.0.1', kind: 'hashedrekord', spec }] };
  const answer = await documents.ask(log, JSON.stringify(question));
  const entries = LogEntries.safeParse(jsonOrNothing(answer ?? '[]'));
  if (!entries.success) throw unreadable(log, 'entries of the log', answer ?? '');
  const entry = entries.data.flatMap((one) => Object.values(one)).at(0);
  if (entry === undefined) {
    throw new UserError(
      'fetch.wrong-signature',
      `${signed.address}: expected the log at ${log} to know its signature, got no entry`,
      { hint: 'the signature is of another file, or someone may be tampering with the connection' },
    );
  }
  const { inclusionProof: proof, signedEntryTimestamp } = entry.verification;
  return {
    logIndex: String(entry.logIndex),
    logId: { keyId: base64(entry.logID) },
    kindVersion: { kind: 'hashedrekord', version: '0.0.1' },
    integratedTime: String(entry.integratedTime),
    inclusionPromise: { signedEntryTimestamp },
    inclusionProof: {
      logIndex: String(proof.logIndex),
      rootHash: base64(proof.rootHash),
      treeSize: String(proof.treeSize),
      hashes: proof.hashes.map(base64),
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: entry.body,
  };
}

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
