import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { ringNames } from '../names/ring-names.ts';
import type { SigningKey } from '../signing/key-signer.ts';
import type { SigningChoice } from '../signing/open-signer.ts';
import type { Config } from './bakery-yaml.ts';
import type { HostProcess } from './host-process.ts';

/** How a feed is to be signed, by bakery.yaml, the file of public keys beside it, and the environment. */
export async function signingChoice(
  { config }: { readonly config?: string },
  sign: Config['sign'],
  io: Pick<HostProcess, 'cwd' | 'env'>,
): Promise<SigningChoice> {
  const folder = dirname(resolve(io.cwd, config ?? 'bakery.yaml'));
  const { when = 'auto', command, ring } = sign ?? {};
  const own = join(folder, ringNames[0] ?? '');
  const isThere = (await stat(own).catch(() => undefined))?.isFile() === true;
  const file = ring === undefined ? (isThere ? own : undefined) : resolve(folder, ring);
  return {
    mode: when,
    command: command === undefined ? undefined : { argv: command, cwd: folder, env: operatorsOwn(io.env) },
    key: when === 'off' || command !== undefined ? undefined : await signingKey(io),
    ring: file,
  };
}

/** `BAKERY_SIGNING_KEY` is the key itself, or a file that holds it. */
export async function signingKey({
  cwd,
  env,
}: Pick<HostProcess, 'cwd' | 'env'>): Promise<SigningKey | undefined> {
  const given = env['BAKERY_SIGNING_KEY'] ?? '';
  if (given.trim() === '') return undefined;
  const passphrase = env['BAKERY_SIGNING_PASSPHRASE'];
  if (given.includes('\n')) return { text: given, passphrase, place: 'BAKERY_SIGNING_KEY' };
  try {
    return { text: await readFile(resolve(cwd, given), 'latin1'), passphrase, place: 'BAKERY_SIGNING_KEY' };
  } catch (cause) {
    // Not what it is: somebody may have put half a key there.
    throw new UserError(
      'signing.key',
      'BAKERY_SIGNING_KEY: expected an armored OpenPGP key, or a file with one, got neither',
      {
        cause,
      },
    );
  }
}

/** A program that signs may need a session, a card or a service; what is for the bakery alone it does not get. */
function operatorsOwn(env: HostProcess['env']): HostProcess['env'] {
  const ours = [
    'BAKERY_SIGNING_KEY',
    'BAKERY_SIGNING_PASSPHRASE',
    'BAKERY_VERITY_KEY',
    'GITHUB_TOKEN',
    'GH_TOKEN',
  ];
  return { ...env, ...Object.fromEntries(ours.map((name) => [name, undefined])) };
}
