import type { SignatureProof } from './signature/signature-context.ts';

/** A file that was downloaded (or found in the cache) and proved. */
export interface Fetched {
  /** Read-only file in the cache; never to be changed or moved. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  /** As the recipe says it, before mirrors. */
  readonly url: string;
  /** How the bytes were proved, for people and for inputs.json. */
  readonly proof: Proof;
  /** Who signed it, or its file of sums; absent when the recipe asks for no signature. */
  readonly signature?: SignatureProof;
}

export type Proof =
  | {
      readonly kind: 'hash';
      readonly algorithm: 'sha256' | 'sha384' | 'sha512';
      readonly hex: string;
      readonly source: string;
    }
  | { readonly kind: 'lock'; readonly sha256: string; readonly reason: string }
  /** By the signature, which is there. */
  | { readonly kind: 'signature' }
  | { readonly kind: 'none'; readonly reason: string };
