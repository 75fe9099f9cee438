/** What a recipe says about the bytes of an artifact, and why a person should look at it. */
export interface Proof {
  readonly integrity: string | Readonly<Record<string, string>>;
  readonly left: string | undefined;
}

const checksum = /sha-?(256|512)|sha\d*sums?|check-?sums?|sums?(\.txt)?$|digests?/i;
const signature = /\.(asc|sig|pem|cert|crt|sigstore(\.json)?|bundle|minisig)$/i;

export function isChecksum(url: string): boolean {
  return !signature.test(url) && checksum.test(lastPart(url));
}

export function isSignature(url: string): boolean {
  return signature.test(url);
}

/** The checksum beside an artifact, of those the script fetched; otherwise what GitHub says, or the first download. */
export function proofOf(url: string, fetched: readonly string[]): Proof {
  const sums = fetched.filter(isChecksum);
  const beside = sums.find((one) => one.startsWith(url) && one !== url);
  if (beside !== undefined) {
    return { integrity: { from: `{url}${beside.slice(url.length)}` }, left: undefined };
  }
  const folder = url.slice(0, url.lastIndexOf('/') + 1);
  const many = sums.find((one) => one.startsWith(folder));
  if (many !== undefined) return { integrity: { sums: many }, left: undefined };
  if (/^https:\/\/github\.com\/[^/]+\/[^/]+\/releases\/download\//.test(url)) {
    return { integrity: 'github', left: undefined };
  }
  return {
    integrity: { lock: 'The script this came from checks nothing.' },
    left: `${url}: the script checks nothing; look for a checksum that upstream publishes`,
  };
}

function lastPart(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
