import { UserError } from '../diagnostics/user-error.ts';
import type { FeedSigner } from './feed-signer.ts';
import type { GpgContext } from './gpg-home.ts';
import { verifyAsHosts, type Ring } from './ring.ts';

export interface Trial {
  readonly sign: FeedSigner['sign'];
  readonly ring: Ring;
  readonly keys: FeedSigner['keys'];
  readonly expires: number | undefined;
  readonly context: GpgContext;
}

const sample = `${'0'.repeat(64)}  trial-1-x86-64.raw\n`;

/** Signs something no host ever sees, and checks it as hosts do: what fails, fails before anything is written. */
export async function triedSigner({ sign, ring, keys, expires, context }: Trial): Promise<FeedSigner> {
  const proved = async (text: string): Promise<{ readonly signature: string; readonly by: string }> => {
    const signature = await sign(text);
    const found = await verifyAsHosts({ text, signature }, ring, context);
    if ('by' in found) return { signature, by: found.by };
    throw new UserError(
      'signing.failed',
      `signing: expected a signature that ${ring.place} verifies, as on hosts: ${found.why}`,
      {
        hint: 'the signing key must be in the ring that hosts have; bakery key check tells more',
      },
    );
  };
  const { by } = await proved(sample);
  return {
    fingerprint: by,
    expires,
    ring: ring.bytes,
    keys,
    sign: async (manifest) => (await proved(manifest)).signature,
    isOwn: async (text, signature) => {
      const found = await verifyAsHosts({ text, signature }, ring, context);
      return 'by' in found && found.by === by;
    },
  };
}
