/** A key or subkey as gpg lists it. */
export interface ListedKey {
  /** Upper-case hexadecimal digits: 40, or 64 from version 5 of OpenPGP keys on. */
  readonly fingerprint: string;
  /** Fingerprint of the primary key it belongs to; its own for a primary key. */
  readonly primary: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** Seconds since 1970; absent when it never expires. */
  readonly expires: number | undefined;
  readonly canSign: boolean;
  /** Whether its secret part is there: CI has those of subkeys only. */
  readonly isSecret: boolean;
  readonly isRevoked: boolean;
}

/** Reads `gpg --with-colons --list-keys` and `--list-secret-keys`. Format: doc/DETAILS of GnuPG. */
export function parseKeyListing(text: string): readonly ListedKey[] {
  const keys: ListedKey[] = [];
  let primary = '';
  let record: readonly string[] = [];
  for (const fields of text.split('\n').map((line) => line.split(':'))) {
    const [type = ''] = fields;
    if (['pub', 'sub', 'sec', 'ssb'].includes(type)) record = fields;
    const fingerprint = fields[9];
    if (type !== 'fpr' || fingerprint === undefined || record.length === 0) continue;
    if (record[0] === 'pub' || record[0] === 'sec') primary = fingerprint;
    keys.push({
      fingerprint,
      primary,
      created: Number(record[5]),
      expires: Number(record[6]) || undefined,
      canSign: record[11]?.includes('s') === true,
      isSecret: record[0]?.startsWith('s') === true && record[0] !== 'sub' && record[14] !== '#',
      isRevoked: record[1] === 'r',
    });
    record = [];
  }
  return keys;
}
