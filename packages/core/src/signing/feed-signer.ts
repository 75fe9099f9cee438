import type { ListedKey } from './key-listing.ts';

/** For how long hosts may believe what is signed. */
export interface BestBefore {
  readonly days: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Signs what hosts read. It was tried when it was opened: it signs, and its ring verifies that. */
export interface FeedSigner {
  /** Fingerprint of the key that signs. */
  readonly fingerprint: string;
  /** Seconds since 1970 when that key ends; absent when it never does or nobody knows. */
  readonly expires: number | undefined;
  /** The public keys hosts trust, as systemd reads them. */
  readonly ring: Uint8Array;
  /** What is in the ring. */
  readonly keys: readonly ListedKey[];
  /** Absent when they may for ever. */
  readonly bestBefore?: BestBefore;
  /** An armored detached signature of a manifest. */
  sign(manifest: string): Promise<string>;
  /** Whether a signature is of this manifest and by the key that signs now: then it can stay. */
  isOwn(manifest: string, signature: string): Promise<boolean>;
}
