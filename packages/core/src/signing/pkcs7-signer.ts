import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { scratchFolder } from '../lifetime/scratch.ts';
import type { Exec } from '../ports/exec.ts';

/** What signs root hashes: a key and the certificate that hosts have of it. Both PEM. */
export interface Pkcs7Key {
  readonly key: string;
  readonly certificate: string;
}

export interface Pkcs7Context {
  readonly exec: Exec;
  /** For scratch files. */
  readonly tmpdir: string;
}

type Sign = (text: string) => Promise<Uint8Array>;

/** Makes detached PKCS#7 signatures in DER, as systemd reads them. It was tried: hosts with the certificate take them. */
export async function pkcs7Signer(key: Pkcs7Key, context: Pkcs7Context): Promise<Sign> {
  const sign: Sign = (text) => signWith(key, text, context);
  await sign('0'.repeat(64));
  return sign;
}

/** Signs, and verifies as systemd does: by this certificate, whoever issued it and however old it is. */
async function signWith(
  { key, certificate }: Pkcs7Key,
  text: string,
  { exec, tmpdir }: Pkcs7Context,
): Promise<Uint8Array> {
  await using folder = await scratchFolder(tmpdir);
  await chmod(folder.path, 0o700);
  const at = (name: string): string => join(folder.path, name);
  await writeFile(at('key'), key, { mode: 0o600 });
  await writeFile(at('certificate'), certificate);
  await writeFile(at('text'), text);
  const smime = async (failure: string, args: readonly string[]): Promise<void> => {
    const { code, stderr } = await exec.run('openssl', ['smime', ...args]);
    if (code === 0) return;
    throw new UserError('verity.key', `${failure}: openssl: ${complaint(stderr)}`, {
      hint: 'the key is PEM without a passphrase, the certificate that of this key; docs/verity.md says how to make both',
    });
  };
  const files = ['-binary', '-in', at('text'), '-signer', at('certificate'), '-inkey', at('key')];
  const form = ['-nocerts', '-noattr', '-outform', 'der', '-out', at('signature')];
  await smime('BAKERY_VERITY_KEY and BAKERY_VERITY_CERT: cannot sign', [
    '-sign',
    ...files,
    '-passin',
    'pass:',
    ...form,
  ]);
  const signature = ['-inform', 'der', '-in', at('signature'), '-content', at('text'), '-out', '/dev/null'];
  const trust = ['-certfile', at('certificate'), '-nointern', '-noverify'];
  await smime('BAKERY_VERITY_CERT: hosts would refuse what BAKERY_VERITY_KEY signs', [
    '-verify',
    '-binary',
    ...signature,
    ...trust,
  ]);
  return new Uint8Array(await readFile(at('signature')));
}

/** The first thing it said, without numbers, and without paths that are gone. */
function complaint(stderr: string): string {
  const first = stderr.split('\n').find((line) => line.trim() !== '') ?? 'no word';
  const [, , , reason] = first.split(':error:')[1]?.split(':') ?? [];
  return reason ?? first.replace(/ from \/.*/, '');
}
