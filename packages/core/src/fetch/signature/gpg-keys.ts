/** A public key or subkey of a key file. */
export interface OpenpgpKey {
  /** 40 upper-case hexadecimal digits (64 for keys of version 5 and 6). */
  readonly fingerprint: string;
  /** Seconds since 1970; absent when it never expires. */
  readonly expires: number | undefined;
}

/**
 * Reads `gpg --with-colons --list-keys`; subkeys stand beside primary keys, and those of primary keys that are not
 * `wanted` are left out. Format: doc/DETAILS of GnuPG.
 */
export function parseGpgKeys(text: string, wanted: ReadonlySet<string>): OpenpgpKey[] {
  const keys: OpenpgpKey[] = [];
  let of: { readonly isPrimary: boolean; readonly expires: number | undefined } | undefined;
  let isWanted = false;
  for (const line of text.split('\n')) {
    const fields = line.split(':');
    const [record] = fields;
    if (record === 'pub' || record === 'sub') {
      of = { isPrimary: record === 'pub', expires: Number(fields[6]) || undefined };
    }
    const fingerprint = fields[9];
    if (record !== 'fpr' || fingerprint === undefined || of === undefined) continue;
    if (of.isPrimary) isWanted = wanted.has(fingerprint);
    if (isWanted) keys.push({ fingerprint, expires: of.expires });
  }
  return keys;
}
