import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A project that signs with the real gpg. */
export interface OpenpgpSigner extends Disposable {
  /** Where gpg has the secret key. */
  readonly home: string;
  /** Of the primary key, 40 upper-case hexadecimal digits. */
  readonly fingerprint: string;
  /** Of the subkey that signs; absent when the primary key does. */
  readonly subkey?: string;
  /** Armoured public key. */
  readonly publicKey: string;
  /** The same as a file that gpg takes for a keyring. */
  readonly ring: Buffer;
  /** The same with the owner’s word that it counts no more. */
  readonly revokedKey: string;
  /** The same, ending on a day as 2021-01-01; only of a key that was born on a day. */
  endedKey(on: string): string;
  detached(data: string | Uint8Array, form?: DetachedForm): Buffer;
  clearSigned(text: string): string;
  /** A message that carries what it signs. */
  enveloped(data: string): Buffer;
}

export interface DetachedForm {
  readonly armoured?: boolean;
  readonly digest?: 'SHA1' | 'SHA256' | 'SHA512';
  /** Of a text, whose line ends do not count. */
  readonly text?: boolean;
  /** Date when it is made, as 2020-06-01; today by default. */
  readonly on?: string;
}

export interface SignerOptions {
  readonly subkey?: boolean;
  /** Dates of birth and end, as 2020-01-01. */
  readonly born?: string;
  readonly ends?: string;
}

/** Makes a key of its own. A home in a folder with a short name: gpg-agent’s socket must fit into 108 bytes. */
export function openpgpSigner({ subkey = false, born, ends }: SignerOptions = {}): OpenpgpSigner {
  const home = mkdtempSync(join(tmpdir(), 'gpg-'));
  const gpg = (args: readonly string[], input?: string | Uint8Array): Buffer =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--passphrase', '', ...args], {
      ...(input === undefined ? {} : { input }),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  const usage = subkey ? 'cert' : 'sign';
  gpg([...at(born), '--quick-gen-key', 'Project <project@example.org>', 'ed25519', usage, ends ?? 'never']);
  const [fingerprint = ''] = fingerprints(gpg);
  if (subkey) gpg([...at(born), '--quick-add-key', fingerprint, 'ed25519', 'sign', 'never']);
  const publicKey = gpg(['--armor', '--export']).toString();
  const signing = fingerprints(gpg)[1];
  return {
    home,
    fingerprint,
    ...(signing === undefined ? {} : { subkey: signing }),
    publicKey,
    ring: gpg(['--export']),
    get revokedKey() {
      return revoked(home, fingerprint, publicKey);
    },
    endedKey: (on) => {
      gpg([...at(born, '13'), '--quick-set-expire', fingerprint, on]);
      return gpg(['--armor', '--export']).toString();
    },
    detached: (data, { armoured = true, digest = 'SHA256', text = false, on } = {}) => {
      const form = [...(armoured ? ['--armor'] : []), ...(text ? ['--textmode'] : [])];
      return gpg([...at(on), '--digest-algo', digest, ...form, '--detach-sign'], data);
    },
    clearSigned: (text) => gpg(['--clear-sign'], text).toString(),
    enveloped: (data) => gpg(['--sign'], data),
    [Symbol.dispose]: () => {
      execFileSync('gpgconf', ['--homedir', home, '--kill', 'all'], { stdio: 'ignore' });
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Two signatures of a key on itself need two times. */
function at(day: string | undefined, hour = '12'): string[] {
  return day === undefined ? [] : ['--faked-system-time', `${day.replaceAll('-', '')}T${hour}0000!`];
}

function fingerprints(gpg: (args: readonly string[]) => Buffer): string[] {
  const listing = gpg(['--with-colons', '--list-keys']).toString();
  return [...listing.matchAll(/^fpr:+([0-9A-F]+):/gm)].map(([, fingerprint = '']) => fingerprint);
}

/** gpg makes a revocation with every key, with a colon in front so that nobody imports it by mistake. */
function revoked(home: string, fingerprint: string, publicKey: string): string {
  const text = readFileSync(join(home, 'openpgp-revocs.d', `${fingerprint}.rev`), 'utf8');
  const other = mkdtempSync(join(tmpdir(), 'gpg-'));
  try {
    const gpg = (args: readonly string[]): Buffer =>
      execFileSync('gpg', ['--homedir', other, '--batch', '--quiet', '--no-autostart', ...args], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    writeFileSync(join(other, 'key'), publicKey);
    writeFileSync(join(other, 'revocation'), text.slice(text.indexOf(':-----BEGIN') + 1));
    gpg(['--import', join(other, 'key')]);
    gpg(['--import', join(other, 'revocation')]);
    return gpg(['--armor', '--export']).toString();
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
}
