/** What gpg found out about one signature. */
export interface CheckedSignature {
  readonly verdict: 'good' | 'expired key' | 'expired' | 'revoked key' | 'bad' | 'unknown key' | 'unreadable';
  /** Key ID or fingerprint as the signature names it, upper-case hex. */
  readonly key: string;
  /** Only of a signature that fits the bytes, whatever may be wrong with its key. */
  readonly valid?: {
    readonly fingerprint: string;
    readonly primary: string;
    /** Seconds since 1970. */
    readonly made: number;
    /** Number of the hash in RFC 9580 section 9.5. */
    readonly hash: number;
    /** Line ends of the bytes do not count, nor do blanks before them where the text is clear-signed. */
    readonly isOfText: boolean;
  };
}

const prefix = '[GNUPG:] ';
const noPublicKey = '9'; // GPG_ERR_NO_PUBKEY

const verdicts: Readonly<Record<string, CheckedSignature['verdict']>> = {
  GOODSIG: 'good',
  EXPKEYSIG: 'expired key',
  EXPSIG: 'expired',
  REVKEYSIG: 'revoked key',
  BADSIG: 'bad',
};

/** Reads what gpg writes to --status-fd, one entry a signature. Format: doc/DETAILS of GnuPG. */
export function parseGpgStatus(text: string): CheckedSignature[] {
  const found: CheckedSignature[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith(prefix)) continue;
    const [word = '', ...fields] = line.slice(prefix.length).split(' ');
    const verdict = word === 'ERRSIG' ? errorOf(fields) : verdicts[word];
    if (verdict !== undefined) found.push({ verdict, key: fields[0] ?? '' });
    const last = found.at(-1);
    if (word === 'VALIDSIG' && last !== undefined) found.splice(-1, 1, { ...last, valid: validOf(fields) });
  }
  return found;
}

/** Fingerprints of the primary keys that `gpg --import` found in a file, from the same kind of status. */
export function parseImported(text: string): string[] {
  return [...text.matchAll(/^\[GNUPG:\] IMPORT_OK \d+ ([0-9A-F]+)$/gm)].map(
    ([, fingerprint = '']) => fingerprint,
  );
}

/** ERRSIG keyid pkalgo hashalgo class time rc fingerprint */
function errorOf(fields: readonly string[]): CheckedSignature['verdict'] {
  return fields[5] === noPublicKey ? 'unknown key' : 'unreadable';
}

/** VALIDSIG fingerprint date made expires version reserved pkalgo hashalgo class primary */
function validOf(fields: readonly string[]): CheckedSignature['valid'] & object {
  const fingerprint = fields[0] ?? '';
  return {
    fingerprint,
    primary: fields[9] ?? fingerprint,
    made: Number(fields[2]),
    hash: Number(fields[7]),
    isOfText: fields[8] !== ofBytes,
  };
}

const ofBytes = '00'; // RFC 9580 section 5.2.1
