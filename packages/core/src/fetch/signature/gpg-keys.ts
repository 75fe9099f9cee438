/** A public key or subkey of a key file. */
export interface OpenpgpKey {
  /** 40 upper-case hexadecimal digits (64 for keys of version 5 and 6). */
  readonly fingerprint: string;
  /** Seconds since 1970; absent when it never expires. */
  readonly expires: number | undefined;
}

/** Reads `gpg --with-colons --list-keys`; subkeys stand beside primary keys. Format: doc/DETAILS of GnuPG. */
export function parseGpgKeys(text: string): OpenpgpKey[] {
  const keys: OpenpgpKey[] = [];
  let expires: number | undefined;
  for (const line of text.split('\n')) {
    const fields = line.split(':');
    const [record] = fields;
    if (record === 'pub' || record === 'sub') expires = Number(fields[6]) || undefined;
    const fingerprint = fields[9];
    if (record === 'fpr' && fingerprint !== undefined) keys.push({ fingerprint, expires });
  }
  return keys;
}
