import type { FeedSigner } from '../src/signing/feed-signer.ts';

/** Signatures as many and as long-lived as real ones, made by nobody; for tests that count them. */
export const sampleSigner: FeedSigner = {
  fingerprint: 'F',
  expires: undefined,
  ring: new Uint8Array([1]),
  keys: [],
  sign: async (manifest) => `signature of ${manifest}`,
  isOwn: async (manifest, signature) => signature === `signature of ${manifest}`,
};
