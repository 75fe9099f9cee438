import { z } from 'zod';

/** The same signature as a bundle, in files of its own. */
export interface DetachedSignature {
  /** As “cosign sign-blob --output-signature” writes it: base64. */
  readonly signature: string;
  /** As “--output-certificate” does: PEM in base64. */
  readonly certificate: string;
  /** What the log answers when it is asked for it. */
  readonly entry: LogEntry;
}

/** https://github.com/sigstore/rekor/blob/main/openapi.yaml */
export interface LogEntry {
  /** What the log was given, as JSON in base64. */
  readonly body: string;
  readonly integratedTime: number;
  readonly logID: string;
  readonly logIndex: number;
  readonly verification: object;
}

const Bundle = z.object({
  verificationMaterial: z.object({
    certificate: z.object({ rawBytes: z.base64() }),
    tlogEntries: z.tuple([
      z.object({
        canonicalizedBody: z.base64(),
        integratedTime: z.coerce.number(),
        logId: z.object({ keyId: z.base64() }),
        logIndex: z.coerce.number(),
        inclusionPromise: z.object({ signedEntryTimestamp: z.base64() }),
        inclusionProof: z.object({
          checkpoint: z.object({ envelope: z.string() }),
          hashes: z.array(z.string()),
          logIndex: z.coerce.number(),
          rootHash: z.base64(),
          treeSize: z.coerce.number(),
        }),
      }),
    ]),
  }),
  messageSignature: z.object({ signature: z.base64() }),
});

/** Takes a bundle of one file apart. */
export function detachedSignature(bundle: string): DetachedSignature {
  const { verificationMaterial, messageSignature } = Bundle.parse(JSON.parse(bundle));
  const { certificate, tlogEntries } = verificationMaterial;
  const [{ inclusionProof: proof, inclusionPromise, ...logged }] = tlogEntries;
  const pem = `-----BEGIN CERTIFICATE-----\n${certificate.rawBytes}\n-----END CERTIFICATE-----\n`;
  return {
    signature: messageSignature.signature,
    certificate: Buffer.from(pem).toString('base64'),
    entry: {
      body: logged.canonicalizedBody,
      integratedTime: logged.integratedTime,
      logID: hex(logged.logId.keyId),
      logIndex: logged.logIndex,
      verification: {
        signedEntryTimestamp: inclusionPromise.signedEntryTimestamp,
        inclusionProof: {
          checkpoint: proof.checkpoint.envelope,
          hashes: proof.hashes,
          logIndex: proof.logIndex,
          rootHash: hex(proof.rootHash),
          treeSize: proof.treeSize,
        },
      },
    },
  };
}

function hex(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}
