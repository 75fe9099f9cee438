import { UserError } from '../diagnostics/user-error.ts';
import { type CheckedSignature, parseGpgStatus } from '../fetch/signature/gpg-status.ts';
import { readNamed } from '../lifetime/named-file.ts';
import { endedWith } from '../ports/last-lines.ts';
import { type GpgContext, lastWords, openGpgHome } from './gpg-home.ts';
import { type ListedKey, parseKeyListing } from './key-listing.ts';

/** The public keys that hosts trust, as the one file of them that systemd reads. */
export interface Ring {
  readonly bytes: Uint8Array;
  /** For messages. */
  readonly place: string;
}

/** A manifest and what is said to be its signature. */
export interface SignedText {
  readonly text: string | Uint8Array;
  readonly signature: string | Uint8Array;
}

/** The fingerprint of the key that signed, or why a host refuses, and what gpg found of each signature. */
export type Verified =
  | { readonly by: string }
  | { readonly why: string; readonly found: readonly CheckedSignature[] };

/** The ring in a file. `setting` is what names it, for messages. */
export async function readRing(file: string, setting: string): Promise<Ring> {
  const bytes = await readNamed(
    file,
    (found) => new UserError('signing.ring', `${setting}: expected public keys at ${file}, found ${found}`),
  );
  return { bytes: new Uint8Array(bytes), place: file };
}

/** Checks a signature with the very call of gpg that systemd makes (pull-common.c, verify_gpg()). */
export async function verifyAsHosts(
  { text, signature }: SignedText,
  ring: Ring,
  context: GpgContext,
): Promise<Verified> {
  await using home = await openGpgHome(context);
  const [keys, signed, of] = await Promise.all([
    home.place('ring.gpg', ring.bytes),
    home.place('signature', signature),
    home.place('signed', text),
  ]);
  const trust = ['--no-default-keyring', '--no-auto-key-locate', '--no-auto-check-trustdb', '--no-autostart'];
  const ours = ['--trust-model=always', `--keyring=${keys}`, '--status-fd', '1'];
  const { code, stdout, stderr } = await home.run([...trust, ...ours, '--verify', signed, of]);
  const found = parseGpgStatus(stdout);
  const by = found.find(({ valid }) => valid !== undefined)?.valid?.fingerprint;
  if (code === 0 && by !== undefined) return { by };
  return { why: lastWords(stderr) || `gpg ${endedWith(code)}`, found };
}

/** The keys of a ring. UserError unless systemd could read it. */
export async function keysOfRing({ bytes, place }: Ring, context: GpgContext): Promise<readonly ListedKey[]> {
  if (Buffer.from(bytes.subarray(0, 10)).toString('latin1') === '-----BEGIN') {
    throw new UserError(
      'signing.ring',
      `${place}: expected a binary ring, as systemd reads no other, got an armored one`,
      {
        hint: `gpg --dearmor < ${place} writes the binary one`,
      },
    );
  }
  await using home = await openGpgHome(context);
  const file = await home.place('ring.gpg', bytes);
  const args = ['--no-default-keyring', `--keyring=${file}`, '--no-autostart', '--no-auto-check-trustdb'];
  const { stdout } = await home.run([...args, '--with-colons', '--list-keys']);
  const keys = parseKeyListing(stdout);
  if (keys.length > 0) return keys;
  throw new UserError('signing.ring', `${place}: expected public OpenPGP keys, got none`, {
    hint: 'bakery key new DIR makes such a ring; gpg --export FINGERPRINT writes one of a key you have',
  });
}
