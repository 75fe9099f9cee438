import { createHash, createPublicKey, createVerify, type KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { sidecarAddress } from '../../language/address.ts';
import { jsonOrNothing } from '../../language/foreign-data.ts';
import { RecipePath } from '../../language/image-paths.ts';
import { readPlain } from '../../lifetime/read-plain.ts';
import type { SignatureContext, SignatureProof, Signed } from './signature-context.ts';
import { signatureKind } from './signature-kind.ts';
import { Signs } from './signs.ts';

const CosignKeySignature = z
  .strictObject({
    cosign: sidecarAddress('Address of the signature (base64) or of the bundle.'),
    key: RecipePath.describe('Public key in PEM, a file in the recipe’s folder.'),
    signs: Signs,
  })
  .describe('A signature of "cosign sign-blob --key".');
type CosignKeySignature = z.infer<typeof CosignKeySignature>;

export const cosignKeySignature = signatureKind({
  kind: 'cosign-key',
  form: '{cosign, key}',
  schema: CosignKeySignature.transform((value) => ({ kind: 'cosign-key' as const, ...value })),
  prove: async (value, signed, context) => ({ proof: await proveCosignKey(value, signed, context) }),
  files: ({ key }) => [{ key: 'key', file: key }],
});

/** Checks an ECDSA P-256 signature of exactly the signed bytes. What a log says of a key in hand adds nothing. */
async function proveCosignKey(
  { cosign, key, signs }: CosignKeySignature,
  signed: Signed,
  { documents, recipeFolder }: SignatureContext,
): Promise<SignatureProof> {
  const file = resolve(recipeFolder, key);
  const text = await documents.read(cosign);
  if (text === undefined) {
    throw new UserError(
      'fetch.no-signature',
      `${signed.address}: expected its signature at ${cosign}, got no such file`,
    );
  }
  const pem = await readPlain(file, { maxBytes: 64 * 1024 });
  const publicKey = parseKey(pem?.toString('utf8') ?? '', file);
  const by = `sha256:${createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')}`;
  const verifier = createVerify('sha256');
  await pipeline(createReadStream(signed.path), verifier);
  if (verifier.verify(publicKey, signatureIn(text, cosign)))
    return { kind: 'cosign', signs, by, source: cosign };
  throw new UserError(
    'fetch.wrong-signature',
    `${signed.address}: expected a signature by the key in ${file} at ${cosign}, got one that does not fit`,
    {
      hint: 'upstream replaced the file, has another key now, or someone may be tampering with the connection',
    },
  );
}

function parseKey(pem: string, file: string): KeyObject {
  const expected = `${file}: expected an ECDSA P-256 public key in PEM`;
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch (cause) {
    throw new UserError('fetch.keys', `${expected}, got ${JSON.stringify(pem.slice(0, 40))}`, { cause });
  }
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve === 'prime256v1') return key;
  throw new UserError('fetch.keys', `${expected}, got ${curve ?? key.asymmetricKeyType ?? 'another'}`);
}

/** A bundle of Sigstore, or of cosign before version 3. */
const Bundle = z.union([
  z.object({ messageSignature: z.object({ signature: z.base64().min(1) }) }),
  z.object({ base64Signature: z.base64().min(1) }),
]);

/** The signature itself, as DER. */
function signatureIn(text: string, source: string): Buffer {
  const bundle = Bundle.safeParse(jsonOrNothing(text)).data;
  const found =
    bundle === undefined
      ? z.base64().min(1).safeParse(text.trim()).data
      : 'messageSignature' in bundle
        ? bundle.messageSignature.signature
        : bundle.base64Signature;
  if (found !== undefined) return Buffer.from(found, 'base64');
  throw new UserError(
    'fetch.unreadable-signature',
    `${source}: expected a base64 signature or a bundle with one, got ${JSON.stringify(text.slice(0, 80))}`,
  );
}
