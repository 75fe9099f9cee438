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

export type Fault = FileFault | SignatureFault;

/** By address, as upstream's users write it. */
export type Faults = ReadonlyMap<string, Fault>;
