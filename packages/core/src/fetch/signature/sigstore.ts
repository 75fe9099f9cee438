import type { KeyObject } from 'node:crypto';
import type { Bundle } from '@sigstore/bundle';
import type { Signer } from '@sigstore/verify';
import { UserError } from '../../diagnostics/user-error.ts';
import { parseJson } from '../../language/foreign-data.ts';
import type { SignatureContext } from './signature-context.ts';

/** Sigstore’s own libraries with its roots of trust. */
export interface Sigstore {
  /** UserError when it is no bundle with a certificate; `source` is its address. */
  parse(text: string, source: string): Bundle;
  /** Who signed. UserError when certificate, log or signature do not hold. */
  verify(bundle: Bundle, wanted: BundleCase): BundleSigner;
}

export interface BundleCase {
  /** Address of what is signed. */
  readonly subject: string;
  /** Address of the bundle. */
  readonly source: string;
  /** For a signature of a file, which is checked without holding the file in memory. */
  readonly verify?: (key: KeyObject, signature: Buffer) => boolean;
}

export interface BundleSigner {
  readonly identity: string;
  readonly issuer: string;
  /** Extensions of the certificate that say what was built from what, by object identifier. */
  readonly extensions: ReadonlyMap<string, Buffer>;
}

/** Loads the libraries, which only these signatures need. */
export async function openSigstore({
  trustedRoot,
}: Pick<SignatureContext, 'trustedRoot'>): Promise<Sigstore> {
  const [{ bundleFromJSON }, { toSignedEntity, toTrustMaterial, Verifier }, root] = await Promise.all([
    import('@sigstore/bundle'),
    import('@sigstore/verify'),
    trustedRoot(),
  ]);
  const verifier = new Verifier(toTrustMaterial(root));
  return {
    parse: (text, source) => {
      let bundle: Bundle;
      try {
        bundle = bundleFromJSON(parseJson(text));
      } catch (cause) {
        throw new UserError(
          'fetch.unreadable-signature',
          `${source}: expected a Sigstore bundle, got ${JSON.stringify(text.slice(0, 80))}`,
          { cause, hint: 'cosign writes one with --new-bundle-format' },
        );
      }
      if (bundle.verificationMaterial.content.$case !== 'publicKey') return bundle;
      throw new UserError(
        'fetch.unreadable-signature',
        `${source}: expected a bundle with a certificate, got one of a key`,
        {
          hint: 'a signature by a key is {cosign, key}',
        },
      );
    },
    verify: (bundle, { subject, source, verify }) => {
      try {
        const entity = toSignedEntity(bundle, Buffer.alloc(0));
        const { signature: content } = entity;
        const signature =
          verify === undefined
            ? content
            : {
                signature: content.signature,
                compareSignature: (other: Buffer) => content.compareSignature(other),
                compareDigest: (digest: Buffer) => content.compareDigest(digest),
                compareSignedDigest: (digest: Buffer) => content.compareSignedDigest(digest),
                verifySignature: (key: KeyObject) => verify(key, content.signature),
              };
        return whoOf(verifier.verify({ ...entity, signature }));
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new UserError(
          'fetch.wrong-signature',
          `${subject}: expected a Sigstore signature that holds at ${source}, got: ${why}`,
          { cause },
        );
      }
    },
  };
}

function whoOf({ identity }: Signer): BundleSigner {
  const oids = identity?.oids ?? [];
  return {
    identity: identity?.subjectAlternativeName ?? 'nobody',
    issuer: identity?.extensions?.issuer ?? 'nobody',
    extensions: new Map(oids.map(({ oid, value }) => [oid?.id.join('.') ?? '', value])),
  };
}
