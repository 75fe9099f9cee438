import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecked } from '../src/ports/run-checked.ts';
import { spawnExec } from '../src/ports/spawn.ts';
import type { Pkcs7Key } from '../src/signing/pkcs7-signer.ts';

export type VerityKeys = Pkcs7Key;

/** A key that signs hash trees and its certificate, made as docs/verity.md says. */
export async function verityKeys(name: string): Promise<VerityKeys> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'verity-keys-'));
  const at = (file: string): string => join(folder.path, file);
  const kind = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', `/CN=${name}`];
  const files = ['-keyout', at('verity.key'), '-out', at('verity.crt')];
  await runChecked(spawnExec(process.env), 'openssl', ['req', ...kind, ...files]);
  const [key, certificate] = await Promise.all(
    ['verity.key', 'verity.crt'].map((file) => readFile(at(file), 'utf8')),
  );
  return { key: key ?? '', certificate: certificate ?? '' };
}
