import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../diagnostics/user-error.ts';
import type { Exec } from '../../ports/exec.ts';
import { parseGpgKeys, type OpenpgpKey } from './gpg-keys.ts';
import { parseGpgStatus, parseImported, type CheckedSignature } from './gpg-status.ts';
import { readKeys, type WantedKeys } from './openpgp-keys.ts';
import type { SignatureContext } from './signature-context.ts';

/** The gpg program with one file of keys and nothing of the user’s own. */
export interface Gpg {
  /** Those of the file. */
  readonly keys: readonly OpenpgpKey[];
  /** What it says of the signatures in `signature` about the bytes of `file`. */
  verify(signature: string, file: string): Promise<readonly CheckedSignature[]>;
  /** What it says of a clear-signed `file`; the text that is signed goes to `to`. */
  extract(file: string, to: string): Promise<readonly CheckedSignature[]>;
}

const maxText = String(64 * 1024 * 1024); // bytes, as much as a document may have; a packed one could hold anything

/** Reads the keys into a home below `context.scratch`. UserError when there are none. */
export async function openGpg(wanted: WantedKeys, context: SignatureContext): Promise<Gpg> {
  const { exec, scratch, url } = context;
  const home = join(scratch, 'gnupg');
  await mkdir(home, { mode: 0o700 });
  const file = join(scratch, 'keys');
  await writeFile(file, await readKeys(wanted, context));
  const imported = parseImported(await run(exec, home, ['--import', file]));
  // gpg reads /etc/gnupg/gpg.conf even with --no-options, and that may bring keys of its own.
  const keys = parseGpgKeys(await run(exec, home, ['--with-colons', '--list-keys']), new Set(imported));
  if (keys.length === 0) {
    throw new UserError('fetch.keys', `${url}: expected OpenPGP keys in ${wanted.keys}, got none`, {
      hint: 'gpg --export --armor FINGERPRINT writes such a file',
    });
  }
  return {
    keys,
    verify: async (signature, of) => parseGpgStatus(await run(exec, home, ['--verify', signature, of])),
    extract: async (of, to) =>
      parseGpgStatus(await run(exec, home, ['--max-output', maxText, '--output', to, '--decrypt', of])),
  };
}

/** What counts is the status, which says more than the exit code: an expired key, for one, ends with 0. */
async function run(exec: Exec, home: string, command: readonly string[]): Promise<string> {
  const { stdout } = await exec.run('gpg', [...alone(home), ...command]);
  return stdout;
}

/** No settings, agent, key servers or trust of whoever runs the bakery. */
function alone(home: string): string[] {
  const settings = ['--homedir', home, '--no-options', '--batch', '--no-tty', '--status-fd', '1'];
  return [
    ...settings,
    '--no-autostart',
    '--disable-dirmngr',
    '--no-auto-key-retrieve',
    '--trust-model',
    'always',
  ];
}
