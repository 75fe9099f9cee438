/** File name of every manifest; systemd-sysupdate has it built in. */
export const manifestName = 'SHA256SUMS';
/** Tag of the release that indexes everything. */
export const globalTag = 'SHA256SUMS';

/**
 * What a signature of a manifest may be called: the first by every systemd, the others since 258, which looks
 * for them in the order .sha256.asc, .sha256.gpg, .gpg, .asc and goes on after a 404 only.
 */
export const signatureNames: readonly string[] = ['.gpg', '.asc', '.sha256.gpg', '.sha256.asc'].map(
  (ending) => manifestName + ending,
);
