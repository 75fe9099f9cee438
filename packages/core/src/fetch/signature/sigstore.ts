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
          `${source}: expected a Sigstore bundle, got ${JSON.stringify(text.slice(0, 80))}: ${whyOf(cause)}`,
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
        throw new UserError(
          'fetch.wrong-signature',
          `${subject}: expected a Sigstore signature that holds at ${source}, got: ${whyOf(cause)}`,
          { cause },
        );
      }
    },
  };
}

function whoOf({ identity }: Signer): BundleSigner {
  const oids = Map.groupBy(identity?.oids ?? [], ({ oid }) => oid?.id.join('.') ?? '');
  return {
    identity: plain(identity?.subjectAlternativeName ?? 'nobody'),
    issuer: plain(identity?.extensions?.issuer ?? 'nobody'),
    // An extension that is there twice says nothing: no certificate may have one (RFC 5280 section 4.2).
    extensions: new Map(
      [...oids].flatMap(([oid, [one, ...others]]) =>
        one === undefined || others.length > 0 ? [] : [[oid, one.value] as const],
      ),
    ),
  };
}

/** Addresses in certificates are ASCII; one with anything else, which could pass for lines of ours, is quoted. */
export function plain(text: string): string {
  return /^[!-~]+$/.test(text) ? text : JSON.stringify(text);
}

/** What the library says, as one line; which keys are not as they should be stands beside its message. */
function whyOf(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : String(cause);
  const keys = cause instanceof Error && 'fields' in cause ? cause.fields : undefined;
  return [said, ...(Array.isArray(keys) ? [keys.join(', ')] : [])].join(': ').replaceAll(/\s+/g, ' ');
}
