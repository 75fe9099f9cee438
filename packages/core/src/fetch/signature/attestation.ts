import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { jsonOrNothing, parseJson } from '../../language/foreign-data.ts';
import type { SignatureContext, SignatureProof, Signed } from './signature-context.ts';
import { signatureKind } from './signature-kind.ts';
import { type BundleSigner, openSigstore, type Sigstore } from './sigstore.ts';

const AttestationSignature = z
  .strictObject({
    attestation: z.string().regex(/^[\w-]+\/[\w.-]+$/, { error: 'expected OWNER/NAME' }),
    workflow: z
      .string()
      .regex(/^[\w.-]+\.ya?ml$/, { error: 'expected the file name of a workflow, like release.yml' })
      .optional()
      .describe('The only workflow of that repository that may have signed it, e.g. release.yml.'),
  })
  .describe('A GitHub attestation that a workflow of that repository built the artifact.');
type AttestationSignature = z.infer<typeof AttestationSignature>;

export const attestationSignature = signatureKind({
  kind: 'attestation',
  form: '{attestation}',
  schema: AttestationSignature.transform((value) => ({
    kind: 'attestation' as const,
    signs: 'artifact' as const,
    ...value,
  })),
  prove: async (value, signed, context) => ({ proof: await proveAttestation(value, signed, context) }),
});

const issuer = 'https://token.actions.githubusercontent.com';
// https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md: Source Repository URI and Digest
const sourceRepository = '1.3.6.1.4.1.57264.1.12';
const sourceDigest = '1.3.6.1.4.1.57264.1.13';
// Later versions of the API answer with links to bundles in another format.
const headers = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };

/** Asks GitHub for attestations of exactly these bytes; one that holds is enough. */
async function proveAttestation(
  { attestation: repository, workflow }: AttestationSignature,
  signed: Signed,
  context: SignatureContext,
): Promise<SignatureProof> {
  const source = `${context.githubApi}/repos/${repository}/attestations/sha256:${signed.sha256}?per_page=100`;
  const text = await context.documents.read(source, headers);
  const bundles = text === undefined ? [] : bundlesIn(text, source);
  if (bundles.length === 0) {
    throw new UserError(
      'fetch.no-signature',
      `${signed.address}: expected an attestation of ${repository}, got none`,
      {
        hint: `GitHub knows none of sha256:${signed.sha256}: upstream replaced the file, or does not attest it`,
      },
    );
  }
  const sigstore = await openSigstore(context);
  const complaints: UserError[] = [];
  for (const bundle of bundles) {
    try {
      const { identity: by } = provenBy(sigstore, { bundle, source, signed, repository, workflow });
      return { kind: 'attestation', signs: 'artifact', by, issuer, source };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      complaints.push(error);
    }
  }
  throw complaints[0] ?? new Error('no bundle was looked at');
}

export interface AttestationCase {
  /** JSON. */
  readonly bundle: string;
  /** Where it is from. */
  readonly source: string;
  readonly signed: Pick<Signed, 'address' | 'sha256'>;
  /** `OWNER/NAME`: what was built. */
  readonly repository: string;
  /** File name of the only workflow that may have signed; any of its repository unless told. */
  readonly workflow: string | undefined;
  /** `OWNER/NAME` that holds the workflow, when another repository calls it; `repository` unless told. */
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
  const commit = utf8String(signer.extensions.get(sourceDigest));
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
  const got = `${signer.identity} (${signer.issuer}) run for ${from ?? 'nobody'}`;
  throw new UserError(
    'fetch.wrong-signature',
    `${signed.address}: expected an attestation by ${prefix}${workflow ?? '…'}, got one by ${got}`,
  );
}

/** The text of a DER UTF8String. */
function utf8String(der: Buffer | undefined): string | undefined {
  if (der?.[0] !== 0x0c) return undefined;
  const [, length = 0] = der;
  return der.subarray(length < 0x80 ? 2 : 2 + (length & 0x7f)).toString('utf8');
}

const Answer = z.object({ attestations: z.array(z.object({ bundle: z.looseObject({}).nullish() })) });

/** The bundles in GitHub’s answer, each as JSON. */
function bundlesIn(text: string, source: string): string[] {
  try {
    const { attestations } = Answer.parse(parseJson(text));
    return attestations.flatMap(({ bundle }) => (bundle ? [JSON.stringify(bundle)] : []));
  } catch (cause) {
    throw new UserError(
      'fetch.unreadable-signature',
      `${source}: expected attestations, got ${JSON.stringify(text.slice(0, 80))}`,
      {
        cause,
      },
    );
  }
}
