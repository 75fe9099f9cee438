import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { jsonOrNothing } from '../../language/foreign-data.ts';
import type { Signed } from './signature-context.ts';
import { type BundleSigner, plain, type Sigstore } from './sigstore.ts';

/** Who vouches for workflows. */
export const issuer = 'https://token.actions.githubusercontent.com';
// https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md: Source Repository URI and Digest
const sourceRepository = '1.3.6.1.4.1.57264.1.12';
const sourceDigest = '1.3.6.1.4.1.57264.1.13';

export interface AttestationCase {
  /** JSON. */
  readonly bundle: string;
  /** Where it is from. */
  readonly source: string;
  readonly signed: Pick<Signed, 'address' | 'sha256'>;
  /** `OWNER/NAME`: what was built. */
  readonly repository: string;
  /** File name of the only workflow that may have signed; without it any of its repository. */
  readonly workflow: string | undefined;
  /** `OWNER/NAME` that holds the workflow, when another repository calls it; without it `repository`. */
  readonly signer?: string | undefined;
}

/** Who built something where, as a certificate of Sigstore says. */
export interface Attested {
  /** Address of the workflow that signed, with its ref. */
  readonly identity: string;
  /** Address of the repository it ran for. */
  readonly repository: string;
  /** Commit of that repository; absent when the certificate does not say. */
  readonly commit?: string;
}

/** Who attests, when everything holds: certificate, log, signature, workflow, repository and digest. */
export function provenBy(sigstore: Sigstore, of: AttestationCase): Attested {
  const { source, signed } = of;
  const bundle = sigstore.parse(of.bundle, source);
  if (bundle.content.$case !== 'dsseEnvelope') {
    throw new UserError(
      'fetch.unreadable-signature',
      `${source}: expected bundles of attestations, got one of a file`,
    );
  }
  const signer = sigstore.verify(bundle, { subject: signed.address, source });
  requireWorkflow(signer, of);
  const { payload, payloadType } = bundle.content.dsseEnvelope;
  const statement = Statement.safeParse(
    payloadType === inToto ? jsonOrNothing(payload.toString('utf8')) : {},
  );
  const subjects = statement.data?.subject ?? [];
  const commit = hexDigits(utf8String(signer.extensions.get(sourceDigest)));
  if (subjects.some(({ digest }) => digest.sha256 === signed.sha256)) {
    const repository = `https://github.com/${of.repository}`;
    return { identity: signer.identity, repository, ...(commit === undefined ? {} : { commit }) };
  }
  throw new UserError(
    'fetch.wrong-signature',
    `${signed.address}: expected an attestation of where sha256:${signed.sha256} was built, got one of something else`,
  );
}

const inToto = 'application/vnd.in-toto+json';

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
const Statement = z.object({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  predicateType: z.string().startsWith('https://slsa.dev/provenance/'),
  subject: z.array(z.object({ digest: z.object({ sha256: z.string().optional() }) })),
});

/** Both the workflow and what it ran for must be of the repository: anybody may call a workflow that is public. */
function requireWorkflow(
  signer: BundleSigner,
  { signed, repository, workflow, signer: holder = repository }: AttestationCase,
): void {
  const wanted = `https://github.com/${repository}`;
  const prefix = `https://github.com/${holder}/.github/workflows/`;
  const from = utf8String(signer.extensions.get(sourceRepository));
  const isTheirs = signer.identity.startsWith(workflow === undefined ? prefix : `${prefix}${workflow}@`);
  if (isTheirs && signer.issuer === issuer && from === wanted) return;
  const got = `${signer.identity} (${signer.issuer}) run for ${plain(from ?? 'nobody')}`;
  throw new UserError(
    'fetch.wrong-signature',
    `${signed.address}: expected an attestation by ${prefix}${workflow ?? '…'}, got one by ${got}`,
  );
}

function hexDigits(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{1,64}$/.test(text) ? text : undefined;
}

/** The text of a DER UTF8String; `undefined` for other bytes, or more of them. */
function utf8String(der: Buffer | undefined): string | undefined {
  const [tag, first = 0x80] = der ?? [];
  if (der === undefined || tag !== 0x0c) return undefined;
  const count = first < 0x80 ? 0 : first & 0x7f; // bytes of the length
  if (count > 2 || der.length < 2 + count) return undefined;
  const length = count === 0 ? first : der.readUIntBE(2, count);
  const text = der.subarray(2 + count);
  return text.length === length ? text.toString('utf8') : undefined;
}
