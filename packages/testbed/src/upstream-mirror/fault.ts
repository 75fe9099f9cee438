/** What goes wrong with a file from now on: its hash, one of its members, its hash's line, its place, its length. */
export type FileFault = 'wrong checksum' | 'missing member' | 'missing entry' | 'moved' | 'truncated';

/**
 * What goes wrong with who signed: a byte of the file is another, the signature fits other bytes, is a stranger's,
 * is not there, or the keys are a stranger's.
 */
export const signatureFaults = [
  'tampered',
  'wrong signature',
  'foreign signature',
  'no signature',
  'foreign keys',
] as const;
export type SignatureFault = (typeof signatureFaults)[number];

/**
 * What goes wrong with a signature of cosign, the certificate beside it or the log that knows both: it fits other bytes,
 * somebody else signed or vouched, the certificate is of another signature, a file or the entry is not there, or nobody
 * trusts who made the certificate.
 */
export const cosignFaults = [
  'of other bytes',
  'by another identity',
  'by another issuer',
  'with another certificate',
  'no signature',
  'no certificate',
  'unknown to the log',
  'of another Sigstore',
] as const;
export type CosignFault = (typeof cosignFaults)[number];

export type Fault = FileFault | SignatureFault | CosignFault;

/** By address, as upstream's users write it. */
export type Faults = ReadonlyMap<string, Fault>;
