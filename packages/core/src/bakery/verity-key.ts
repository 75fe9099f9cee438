import { resolve } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { readNamed } from '../lifetime/named-file.ts';
import type { Pkcs7Key } from '../signing/pkcs7-signer.ts';
import type { HostProcess } from './host-process.ts';

/**
 * What signs hash trees, by `BAKERY_VERITY_KEY` and `BAKERY_VERITY_CERT`: each is PEM itself, or a file that holds it.
 * UserError for one without the other.
 */
export async function verityKey(io: Pick<HostProcess, 'cwd' | 'env'>): Promise<Pkcs7Key | undefined> {
  const [key, certificate] = await Promise.all([
    pemOf('BAKERY_VERITY_KEY', /^-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/m, 'a secret key', io),
    pemOf('BAKERY_VERITY_CERT', /^-----BEGIN CERTIFICATE-----/m, 'a certificate', io),
  ]);
  if (key === undefined && certificate === undefined) return undefined;
  if (key !== undefined && certificate !== undefined) return { key, certificate };
  const [there, missing] =
    key === undefined
      ? ['BAKERY_VERITY_CERT', 'BAKERY_VERITY_KEY']
      : ['BAKERY_VERITY_KEY', 'BAKERY_VERITY_CERT'];
  throw new UserError('verity.no-key', `${there}: expected ${missing} as well, got none`);
}

async function pemOf(
  variable: string,
  start: RegExp,
  what: string,
  { cwd, env }: Pick<HostProcess, 'cwd' | 'env'>,
): Promise<string | undefined> {
  // Not what it is: somebody may have put half a key there.
  const neither = (): UserError =>
    new UserError('verity.key', `${variable}: expected ${what} as PEM, or a file with one, got neither`);
  const given = env[variable] ?? '';
  if (given.trim() === '') return undefined;
  const text = given.includes('\n')
    ? given
    : await readNamed(resolve(cwd, given), neither, maxBytes).then(
        (bytes) => bytes.toString('latin1'),
        () => undefined,
      );
  if (text !== undefined && start.test(text)) return text;
  throw neither();
}

const maxBytes = 1024 * 1024; // a key has two thousand, and a device no end
