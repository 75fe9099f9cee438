import { readFile } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import type { FeedSigner } from './feed-signer.ts';
import { type GpgContext, lastWords, openGpgHome, type GpgHome } from './gpg-home.ts';
import { type ListedKey, parseKeyListing } from './key-listing.ts';
import { keysOfRing, type Ring } from './ring.ts';
import { triedSigner } from './tried-signer.ts';

export interface SigningKey {
  /** Secret OpenPGP key, armored; of subkeys alone it suffices. */
  readonly text: string;
  readonly passphrase: string | undefined;
  /** For messages. */
  readonly place: string;
}

export interface SigningContext extends GpgContext {
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Signs with a secret key; `ring` defaults to the key’s own public part. UserError unless that works. */
export async function keySigner(
  key: SigningKey,
  ring: Ring | undefined,
  context: SigningContext,
): Promise<FeedSigner> {
  const own = await readSecret(key, context);
  const trusted = ring ?? { bytes: own.ring, place: `the public part of ${key.place}` };
  const keys = await keysOfRing(trusted, context);
  const inRing = new Set(keys.map(({ fingerprint }) => fingerprint));
  const chosen = chooseKey(own.keys, inRing, { key, ring: trusted, now: context.now() });
  return triedSigner({
    ring: trusted,
    keys,
    expires: chosen.expires,
    context,
    sign: async (manifest) => {
      await using home = await openWith(key, context);
      return await signWith(home, chosen.fingerprint, key, manifest);
    },
  });
}

async function openWith({ text, place }: SigningKey, context: GpgContext): Promise<GpgHome> {
  const home = await openGpgHome(context);
  const { stdout, stderr } = await home.run(['--status-fd', '1', '--import'], text);
  if (/^\[GNUPG:\] IMPORT_OK /m.test(stdout)) return home;
  await home[Symbol.asyncDispose]();
  throw new UserError(
    'signing.key',
    `${place}: expected a secret OpenPGP key, got something else: ${lastWords(stderr)}`,
    {
      hint: 'it is the whole text of signing-key.asc, which bakery key new DIR writes',
    },
  );
}

async function readSecret(key: SigningKey, context: GpgContext) {
  await using home = await openWith(key, context);
  const keys = parseKeyListing(await home.must(key.place, ['--with-colons', '--list-secret-keys']));
  await home.must(key.place, ['--output', home.at('own.gpg'), '--export']);

  return { keys, ring: new Uint8Array(await readFile(home.at('own.gpg'))) };
}

interface Choice {
  readonly key: SigningKey;
  readonly ring: Ring;
  readonly now: number;
}

/** The newest key that can sign and that hosts know. */
function chooseKey(keys: readonly ListedKey[], inRing: ReadonlySet<string>, choice: Choice): ListedKey {
  const { key, ring, now } = choice;
  const able = keys.filter(({ canSign, isSecret, isRevoked }) => canSign && isSecret && !isRevoked);
  if (able.length === 0) {
    throw new UserError('signing.key', `${key.place}: expected a secret key that can sign, got none`, {
      hint: 'it is the whole text of signing-key.asc, which bakery key new DIR writes',
    });
  }
  const valid = able.filter(({ expires }) => expires === undefined || expires * 1000 > now);
  if (valid.length === 0) {
    const ends = able.map(({ fingerprint, expires }) => `${fingerprint} until ${dayOf(expires)}`);
    throw new UserError(
      'signing.key',
      `${key.place}: expected a key that has not expired, got ${ends.join(', ')}`,
      {
        hint: 'bakery key rotate DIR goes on with the spare key, which hosts know already',
      },
    );
  }
  const known = valid.filter(({ fingerprint }) => inRing.has(fingerprint));
  const [chosen] = known.toSorted((a, b) => b.created - a.created);
  if (chosen !== undefined) return chosen;
  const got = valid.map(({ fingerprint }) => fingerprint).join(', ');
  throw new UserError(
    'signing.key',
    `${key.place}: expected a key that is in ${ring.place}, which hosts trust, got ${got}`,
    {
      hint: 'both come from one bakery key new or rotate: take them from the same folder',
    },
  );
}

/** `YYYY-MM-DD` of seconds since 1970. */
export function dayOf(seconds: number | undefined): string {
  return seconds === undefined ? 'forever' : new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** With the key in the signature, systemd 262 and newer follow a new subkey of a primary key they know. */
async function signWith(
  home: GpgHome,
  fingerprint: string,
  { passphrase = '', place }: SigningKey,
  manifest: string,
): Promise<string> {
  const file = await home.place('manifest', manifest);
  const quiet = ['--pinentry-mode', 'loopback', '--passphrase-fd', '0', '--local-user', `${fingerprint}!`];
  const form = ['--digest-algo', 'SHA512', '--include-key-block', '--armor', '--output', '-'];
  const { code, stdout, stderr } = await home.run(
    [...quiet, ...form, '--detach-sign', file],
    `${passphrase}\n`,
  );
  if (code === 0 && stdout.includes('END PGP SIGNATURE')) return stdout;
  throw new UserError('signing.failed', `${place}: cannot sign with ${fingerprint}: ${lastWords(stderr)}`, {
    hint: 'a key with a passphrase needs it in BAKERY_SIGNING_PASSPHRASE',
  });
}
