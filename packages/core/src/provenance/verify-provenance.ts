import { basename, dirname, join } from 'node:path';
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import { UserError } from '../diagnostics/user-error.ts';
import { hashFile } from '../fetch/hash-file.ts';
import { type Attested, provenBy } from '../fetch/signature/proven-by.ts';
import { openSigstore } from '../fetch/signature/sigstore.ts';
import { readNamed, whatStandsAt } from '../lifetime/named-file.ts';
import { allArches } from '../names/arch.ts';

/** Who must have built an image. */
export interface Builder {
  /** `OWNER/NAME` on GitHub. */
  readonly repository: string;
  /** `OWNER/NAME` that holds the workflow, when it is not the same. */
  readonly signer?: string | undefined;
  /** File name of the workflow; any when left out. */
  readonly workflow?: string | undefined;
}

export interface ProvenImage extends Attested {
  readonly path: string;
  readonly sha256: string;
}

/**
 * Proves by an attestation of GitHub, kept in a file, which workflow of which repository published an image. Asks nobody
 * but Sigstore’s roots of trust, and without a network what the cache has of them.
 */
export async function verifyProvenance(
  image: string,
  builder: Builder,
  { bundle, trustedRoot }: { readonly bundle?: string; readonly trustedRoot: () => Promise<TrustedRoot> },
): Promise<ProvenImage> {
  const source = bundle ?? bundleBeside(image);
  const found = await whatStandsAt(image);
  if (found !== 'a file')
    throw new UserError('image.unreadable', `${image}: expected an image, found ${found}`);
  const sha256 = await hashFile(image);
  const text = await readNamed(
    source,
    (got) =>
      new UserError('fetch.no-signature', `${image}: expected its attestation at ${source}, found ${got}`, {
        hint: 'NAME-VERSION.sigstore.json lies beside the images of each attested release; --bundle names another file',
      }),
  );
  const sigstore = await openSigstore({ trustedRoot });
  const { repository, signer, workflow } = builder;
  const signed = { address: image, sha256 };
  return {
    path: image,
    sha256,
    ...provenBy(sigstore, { bundle: text.toString('utf8'), source, signed, repository, signer, workflow }),
  };
}

/** `NAME-VERSION.sigstore.json` for `NAME-VERSION-ARCH.raw`. */
function bundleBeside(image: string): string {
  const file = basename(image);
  const arch = allArches.find((one) => file.endsWith(`-${one}.raw`));
  const base = arch === undefined ? file.replace(/\.raw$/, '') : file.slice(0, -`-${arch}.raw`.length);
  return join(dirname(image), `${base}.sigstore.json`);
}
