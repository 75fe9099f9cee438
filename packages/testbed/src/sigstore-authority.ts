import { createHash, generateKeyPairSync, sign, type KeyObject, X509Certificate } from 'node:crypto';
import { initializeCA, initializeCTLog } from '@sigstore/mock/dist/fulcio/index.js';
import { initializeTLog } from '@sigstore/mock/dist/rekor/index.js';
import {
  HashAlgorithm,
  PublicKeyDetails,
  TrustedRoot as Root,
  type TrustedRoot,
} from '@sigstore/protobuf-specs';
import { z } from 'zod';

/** A Sigstore of one’s own: certificates, their log and the log of signatures, all truly signed. */
export interface SigstoreAuthority {
  /** Whom to trust to believe it. */
  readonly root: TrustedRoot;
  /** The same as the cache of downloads keeps it. */
  readonly rootText: string;
  /** A bundle as “cosign sign-blob --bundle” writes it, as JSON. */
  signBlob(bytes: string | Uint8Array, who: Identity): Promise<string>;
  /** A bundle with a statement, as GitHub keeps them. */
  attest(statement: object, who: Identity): Promise<object>;
}

export interface Identity {
  /** E.g. the address of a workflow. */
  readonly identity: string;
  readonly issuer: string;
  /** Address of the repository it ran for. */
  readonly repository?: string;
  /** Commit of that repository. */
  readonly commit?: string;
  /** What else the certificate says. */
  readonly extensions?: readonly CertificateExtension[];
}

export interface CertificateExtension {
  readonly oid: string;
  readonly value: string;
  /** The bytes as they are, instead of a DER UTF8String. */
  readonly legacy?: boolean;
}

/** https://github.com/sigstore/rekor: an entry of the log. */
const Logged = z.object({
  body: z.string(),
  integratedTime: z.int(),
  logID: z.string(),
  logIndex: z.int(),
  verification: z.object({
    signedEntryTimestamp: z.string(),
    inclusionProof: z.object({
      logIndex: z.int(),
      treeSize: z.int(),
      rootHash: z.string(),
      checkpoint: z.string(),
    }),
  }),
});

const issuerExtension = '1.3.6.1.4.1.57264.1.8';
const repositoryExtension = '1.3.6.1.4.1.57264.1.12';
const commitExtension = '1.3.6.1.4.1.57264.1.13';
const logUrl = 'https://rekor.example.org';
const mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

export async function sigstoreAuthority(): Promise<SigstoreAuthority> {
  const [caKeys, ctKeys, logKeys] = [keyPair(), keyPair(), keyPair()];
  const ctLog = await initializeCTLog(ctKeys);
  const ca = await initializeCA(caKeys, ctLog);
  const log = await initializeTLog(logUrl, logKeys);

  async function certificateFor(
    key: KeyObject,
    { identity, issuer, repository, commit, extensions = [] }: Identity,
  ): Promise<Buffer> {
    const certificate = await ca.issueCertificate({
      publicKey: der(key),
      subjectAltName: identity,
      extensions: [
        { oid: issuerExtension, value: issuer },
        ...(repository === undefined ? [] : [{ oid: repositoryExtension, value: repository }]),
        ...(commit === undefined ? [] : [{ oid: commitExtension, value: commit }]),
        ...extensions,
      ],
    });
    return bytesOf(certificate);
  }

  /** The material of a bundle: who signed, and that the log knows. */
  async function material(certificate: Buffer, kind: string, spec: object): Promise<object> {
    const answer = await log.log({ apiVersion: '0.0.1', kind, spec });
    const logged = Logged.parse(Object.values(answer)[0]);
    const { inclusionProof: proof, signedEntryTimestamp } = logged.verification;
    return {
      certificate: { rawBytes: certificate.toString('base64') },
      tlogEntries: [
        {
          logIndex: String(logged.logIndex),
          logId: { keyId: Buffer.from(logged.logID, 'hex').toString('base64') },
          kindVersion: { kind, version: '0.0.1' },
          integratedTime: String(logged.integratedTime),
          inclusionPromise: { signedEntryTimestamp },
          inclusionProof: {
            logIndex: String(proof.logIndex),
            rootHash: Buffer.from(proof.rootHash, 'hex').toString('base64'),
            treeSize: String(proof.treeSize),
            hashes: [],
            checkpoint: { envelope: proof.checkpoint },
          },
          canonicalizedBody: logged.body,
        },
      ],
    };
  }

  const root: TrustedRoot = {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    certificateAuthorities: [
      {
        subject: { commonName: 'sigstore', organization: 'sigstore.mock' },
        uri: 'https://fulcio.example.org',
        certChain: { certificates: [{ rawBytes: bytesOf(ca.rootCertificate) }] },
        validFor: { start: new Date(0) },
        operator: '',
      },
    ],
    tlogs: [trusted(logUrl, log.publicKey)],
    ctlogs: [trusted('https://ct.example.org', ctLog.publicKey)],
    timestampAuthorities: [],
  };

  return {
    root,
    rootText: JSON.stringify(Root.toJSON(root)),
    signBlob: async (content, who) => {
      const { publicKey, privateKey } = keyPair();
      const bytes = Buffer.from(content);
      const certificate = await certificateFor(publicKey, who);
      const signature = sign('sha256', bytes, privateKey).toString('base64');
      const digest = createHash('sha256').update(bytes).digest();
      const verificationMaterial = await material(certificate, 'hashedrekord', {
        data: { hash: { algorithm: 'sha256', value: digest.toString('hex') } },
        signature: { content: signature, publicKey: { content: pem(certificate) } },
      });
      const messageDigest = { algorithm: 'SHA2_256', digest: digest.toString('base64') };
      return JSON.stringify({
        mediaType,
        verificationMaterial,
        messageSignature: { messageDigest, signature },
      });
    },
    attest: async (statement, who) => {
      const { publicKey, privateKey } = keyPair();
      const payloadType = 'application/vnd.in-toto+json';
      const payload = Buffer.from(JSON.stringify(statement));
      const certificate = await certificateFor(publicKey, who);
      // https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
      const encoded = `DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} ${payload.toString()}`;
      const sig = sign('sha256', Buffer.from(encoded), privateKey).toString('base64');
      const verificationMaterial = await material(certificate, 'dsse', {
        payloadHash: { algorithm: 'sha256', value: createHash('sha256').update(payload).digest('hex') },
        signatures: [{ signature: sig, verifier: pem(certificate) }],
      });
      return {
        mediaType,
        verificationMaterial,
        dsseEnvelope: { payload: payload.toString('base64'), payloadType, signatures: [{ sig }] },
      };
    },
  };
}

function trusted(baseUrl: string, publicKey: Buffer): TrustedRoot['tlogs'][number] {
  return {
    baseUrl,
    hashAlgorithm: HashAlgorithm.SHA2_256,
    publicKey: {
      rawBytes: publicKey,
      keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256,
      validFor: { start: new Date(0) },
    },
    logId: { keyId: createHash('sha256').update(publicKey).digest() },
    checkpointKeyId: undefined,
    operator: '',
  };
}

function keyPair(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function der(key: KeyObject): Buffer<ArrayBuffer> {
  return Buffer.from(key.export({ type: 'spki', format: 'der' }));
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** PEM in base64, as the log keeps certificates. */
function pem(certificate: Buffer): string {
  return Buffer.from(new X509Certificate(certificate).toString()).toString('base64');
}
