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
}

export type Proof =
  | {
      readonly kind: 'hash';
      readonly algorithm: 'sha256' | 'sha384' | 'sha512';
      readonly hex: string;
      readonly source: string;
    }
  | { readonly kind: 'lock'; readonly sha256: string; readonly reason: string }
  | { readonly kind: 'none'; readonly reason: string };
