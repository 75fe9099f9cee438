import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { jsonOrNothing } from '../language/foreign-data.ts';
import { readPlain } from '../lifetime/read-plain.ts';
import type { ManifestEntry } from '../sysupdate/manifest.ts';

const maxBytes = 16 * 1024 ** 2; // of a bundle; one with 1,024 subjects takes half a megabyte

/** The bundle in a file. UserError unless it is about all of `subjects`: one of an earlier build proves nothing. */
export async function readAttestation(path: string, subjects: readonly ManifestEntry[]): Promise<Uint8Array> {
  const bytes = await readPlain(path, { maxBytes });
  const bundle = Bundle.safeParse(jsonOrNothing(bytes?.toString('utf8') ?? ''));
  const payload = Buffer.from(bundle.data?.dsseEnvelope.payload ?? '', 'base64').toString('utf8');
  const statement = Statement.safeParse(jsonOrNothing(payload));
  if (bytes === undefined || !statement.success) {
    throw new UserError('attest.bundle', `${path}: expected a bundle of Sigstore with a statement, got none`);
  }
  const attested = new Set(statement.data.subject.map(({ digest }) => digest.sha256));
  const missing = subjects.find(({ sha256 }) => !attested.has(sha256));
  if (missing === undefined) return bytes;
  throw new UserError(
    'attest.bundle',
    `${path}: expected an attestation of ${missing.name} with sha256 ${missing.sha256}, got one of other files`,
  );
}

/** https://github.com/sigstore/protobuf-specs: sigstore_bundle.proto */
const Bundle = z.object({ dsseEnvelope: z.object({ payload: z.string() }) });

const Statement = z.object({
  subject: z.array(z.object({ digest: z.object({ sha256: z.string().optional() }) })),
});
