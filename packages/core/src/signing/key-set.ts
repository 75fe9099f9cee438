import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { type GpgContext, type GpgHome, openGpgHome } from './gpg-home.ts';
import { parseKeyListing } from './key-listing.ts';

const Fingerprint = z.string().regex(/^[0-9A-F]{40}$/);

/** Which of the keys is for what, by fingerprint. */
export const KeyRoles = z.object({
  /** Certifies the others and signs nothing itself. */
  primary: Fingerprint,
  active: Fingerprint,
  /** Takes over when the active one ends or is lost; hosts know it from the first day. */
  spare: Fingerprint,
  /** Still in the ring, and sign no more. */
  retired: z.array(Fingerprint),
});
export type KeyRoles = z.infer<typeof KeyRoles>;

/** All files of a feed’s keys. */
export interface KeySet {
  readonly roles: KeyRoles;
  /** Public: primary, active, spare and retired keys, binary. */
  readonly ring: Uint8Array;
  /** Secret: the active key alone, armored. */
  readonly signingKey: string;
  /** Secret: everything, armored. */
  readonly primary: string;
  /** Secret: the spare key alone, armored. */
  readonly spare: string;
}

export const defaultLifetime = '2y';

export interface KeyWishes {
  /** Protects the secret keys; may be empty. */
  readonly passphrase: string;
  /** How long a signing key is good, as gpg writes it: `2y`. Hosts do not mind; it reminds the maintainer. */
  readonly lifetime: string;
}

/** A new primary key with two signing keys, and what revokes it. */
export async function makeKeys(
  owner: string,
  wishes: KeyWishes,
  context: GpgContext,
): Promise<KeySet & { readonly revocation: string }> {
  await using home = await openGpgHome(context);
  const { passphrase } = wishes;
  const make = ['--quick-generate-key', owner, 'ed25519', 'cert', 'never'];
  await home.must('a new key', [...quietly, ...make], passphrase);
  const [primary = ''] = await fingerprints(home);
  const active = await addKey(home, primary, wishes);
  const spare = await addKey(home, primary, wishes);
  const roles = { primary, active, spare, retired: [] };
  const revocation = await readFile(home.at(`openpgp-revocs.d/${primary}.rev`), 'utf8');
  return { ...(await exportKeys(home, roles, passphrase)), revocation };
}

/** The spare key becomes the active one, and there is a new spare; what was active stays in the ring. */
export async function switchKeys(
  { roles, primary }: Pick<KeySet, 'roles' | 'primary'>,
  wishes: KeyWishes,
  context: GpgContext,
): Promise<KeySet> {
  await using home = await openGpgHome(context);
  await home.must('offline/primary.asc', ['--import'], primary);
  const renew = ['--quick-set-expire', roles.primary, wishes.lifetime, roles.spare];
  await home.must('offline/primary.asc', [...quietly, ...renew], wishes.passphrase);
  const spare = await addKey(home, roles.primary, wishes);
  const retired = [...roles.retired, roles.active];
  return await exportKeys(home, { ...roles, active: roles.spare, spare, retired }, wishes.passphrase);
}

/** Takes what signs no more out of the ring: from then on hosts refuse it. */
export async function dropRetired(
  { roles, primary }: Pick<KeySet, 'roles' | 'primary'>,
  passphrase: string,
  context: GpgContext,
): Promise<KeySet> {
  await using home = await openGpgHome(context);
  await home.must('offline/primary.asc', ['--import'], primary);
  return await exportKeys(home, { ...roles, retired: [] }, passphrase);
}

const passphraseHint = 'a key with a passphrase needs it in BAKERY_SIGNING_PASSPHRASE';
const quietly = ['--quiet', '--pinentry-mode', 'loopback', '--passphrase-fd', '0'];

async function addKey(home: GpgHome, primary: string, { passphrase, lifetime }: KeyWishes): Promise<string> {
  const before = new Set(await fingerprints(home));
  const add = ['--quick-add-key', primary, 'ed25519', 'sign', lifetime];
  await home.must('a new signing key', [...quietly, ...add], passphrase);
  const added = (await fingerprints(home)).find((fingerprint) => !before.has(fingerprint));
  if (added === undefined) throw new Error('gpg created a key but does not list it');
  return added;
}

async function fingerprints(home: GpgHome): Promise<readonly string[]> {
  const listing = await home.must('keys', ['--with-colons', '--list-secret-keys']);
  return parseKeyListing(listing).map(({ fingerprint }) => fingerprint);
}

/** `FINGERPRINT!` is that subkey alone, with the public part of its primary key. */
async function exportKeys(home: GpgHome, roles: KeyRoles, passphrase: string): Promise<KeySet> {
  const { primary, active, spare, retired } = roles;
  const inRing = [active, spare, ...retired].map((fingerprint) => `${fingerprint}!`);
  await home.must('keys', ['--output', home.at('ring.gpg'), '--export', ...inRing]);
  const secret = async (what: string, key: string): Promise<string> => {
    const text = await home.must('keys', [...quietly, '--armor', what, key], passphrase);
    if (text.includes('END PGP PRIVATE KEY')) return text;
    throw new UserError('signing.failed', `keys: expected gpg to export the secret key ${key}, got nothing`, {
      hint: passphraseHint,
    });
  };
  return {
    roles,
    ring: new Uint8Array(await readFile(home.at('ring.gpg'))),
    signingKey: await secret('--export-secret-subkeys', `${active}!`),
    primary: await secret('--export-secret-keys', primary),
    spare: await secret('--export-secret-subkeys', `${spare}!`),
  };
}
