import { UserError } from '../../diagnostics/user-error.ts';
import type { OpenpgpKey } from './gpg-keys.ts';
import type { CheckedSignature } from './gpg-status.ts';
import type { WantedKeys } from './openpgp-keys.ts';
import type { SignatureContext, Signed } from './signature-context.ts';
import type { Signs } from './signs.ts';

export interface OpenpgpCase {
  readonly wanted: WantedKeys;
  /** Those in the key file. */
  readonly keys: readonly OpenpgpKey[];
  /** Address of the signature. */
  readonly source: string;
  readonly signed: Signed;
  readonly signs: Signs;
  readonly context: Pick<SignatureContext, 'report'>;
}

/**
 * The fingerprint of the key that signed, when that proves something. One good signature by a wanted key is
 * enough, beside others by keys nobody knows; a bad one or one by a revoked key spoils all. A key that has
 * expired since is good for what it signed before. UserError with what was found instead.
 */
export function requireSigner(found: readonly CheckedSignature[], of: OpenpgpCase): string {
  const { wanted, keys, source, signed, signs, context } = of;
  const signers = wanted.signer;
  const missing = signers?.filter((signer) => !keys.some(({ fingerprint }) => fingerprint === signer)) ?? [];
  if (signers !== undefined && missing.length === signers.length) {
    const there = keys.map(({ fingerprint }) => fingerprint).join(', ');
    throw new UserError(
      'fetch.keys',
      `${wanted.keys}: expected the key ${missing.join(' or ')}, got ${there}`,
      {
        hint: newKeyHint,
      },
    );
  }
  const judged = found.map((signature) => ({
    signature,
    complaint: complaintOf(signature, { keys, signers, signs }),
  }));
  const fatal = judged.find(({ signature }) => spoiling.has(signature.verdict));
  const good = judged.find(({ complaint }) => complaint === undefined)?.signature;
  if (fatal !== undefined || good?.valid === undefined) {
    const { verdict } = (fatal ?? judged[0])?.signature ?? {};
    const got = (fatal ?? judged[0])?.complaint ?? 'no signature';
    const by = signers === undefined ? `a key in ${wanted.keys}` : signers.join(' or ');
    throw new UserError(
      'fetch.wrong-signature',
      `${signed.address}: expected a signature by ${by} at ${source}, got ${got}`,
      {
        hint: verdict === 'bad' ? changedHint : newKeyHint,
      },
    );
  }
  if (good.verdict === 'expired key') {
    context.report.info(`${signed.address}: signed by ${good.valid.fingerprint} before that key expired`);
  }
  const { fingerprint, primary } = good.valid;
  return signers?.find((signer) => signer === fingerprint) ?? primary;
}

const spoiling = new Set<CheckedSignature['verdict']>(['bad', 'revoked key', 'expired']);
const strongHashes = new Set([8, 9, 10, 12, 14]); // SHA-2 and SHA-3 of 256 bits and more: RFC 9580 section 9.5

const changedHint =
  'upstream replaced the file, a mirror is out of date, or someone may be tampering with the connection';
const newKeyHint =
  'where the project has a new key, take its fingerprint from what the project itself announces, not from here';

/** Why the signature proves nothing; `undefined` when it does. */
function complaintOf(
  { verdict, key, valid }: CheckedSignature,
  {
    keys,
    signers,
    signs,
  }: Pick<OpenpgpCase, 'keys' | 'signs'> & { readonly signers: readonly string[] | undefined },
): string | undefined {
  if (verdict === 'bad') return `one by ${key} that does not fit the bytes`;
  if (verdict === 'revoked key') return `one by ${key}, which is revoked`;
  if (verdict === 'expired') return `one by ${key} that has expired itself`;
  const stranger = `one by ${key}, which is not in the key file`;
  if (verdict === 'unknown key') return stranger;
  if (verdict === 'unreadable' || valid === undefined) return `one by ${key} that gpg cannot check`;
  const { fingerprint, primary } = valid;
  if (!keys.some((each) => each.fingerprint === primary)) return stranger;
  if (signers !== undefined && !signers.includes(fingerprint) && !signers.includes(primary)) {
    return `one by ${primary}`;
  }
  if (!strongHashes.has(valid.hash)) return `one by ${primary} of a hash weaker than SHA-256`;
  if (valid.isOfText && signs === 'artifact')
    return `one by ${primary} of a text, whose line ends may change`;
  const end = Math.min(expiryOf(fingerprint, keys), expiryOf(primary, keys));
  return verdict === 'good' || valid.made < end ? undefined : `one that ${primary} made after it expired`;
}

function expiryOf(fingerprint: string, keys: readonly OpenpgpKey[]): number {
  return keys.find((key) => key.fingerprint === fingerprint)?.expires ?? Infinity;
}
