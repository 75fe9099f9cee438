import type { ListedKey } from './key-listing.ts';

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
  /** An armored detached signature of a manifest. */
  sign(manifest: string): Promise<string>;
  /** Whether a signature is of this manifest and by the key that signs now: then it can stay. */
  isOwn(manifest: string, signature: string): Promise<boolean>;
}
