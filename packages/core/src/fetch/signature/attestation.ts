import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { parseJson } from '../../language/foreign-data.ts';
import { issuer, provenBy } from './proven-by.ts';
import type { SignatureContext, SignatureProof, Signed } from './signature-context.ts';
import { signatureKind } from './signature-kind.ts';
import { openSigstore } from './sigstore.ts';

const AttestationSignature = z
  .strictObject({
    attestation: z.string().regex(/^[\w-]+\/[\w.-]+$/, { error: 'expected OWNER/NAME' }),
    workflow: z
      .string()
      .regex(/^[\w.-]+\.ya?ml$/, { error: 'expected the file name of a workflow, like release.yml' })
      .optional()
      .describe('The only workflow in that repository that may have signed it, e.g. release.yml.'),
  })
  .describe('A GitHub attestation that a workflow in that repository built the artifact.');
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
