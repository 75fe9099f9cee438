import type { DiagnosticPlace } from '../diagnostics/diagnostic.ts';

/** What the tree of an image is put together from: no conditions, no placeholders left. */
export interface Staging {
  /** Static trees to copy first, as absolute folders on this machine. */
  readonly trees: readonly string[];
  readonly downloads: readonly Placement[];
  readonly folders: readonly { readonly path: string; readonly mode: number }[];
  readonly texts: readonly { readonly path: string; readonly content: string; readonly mode: number }[];
  readonly edits: readonly Edit[];
  readonly links: readonly Link[];
  readonly requires: readonly string[];
}

/** Where a fetched file goes. One with neither `file` nor `unpack` is there for a build step. */
export interface Placement {
  /** Where the entry stands in its recipe, for errors. */
  readonly place: DiagnosticPlace;
  readonly url: string;
  /** Path and permission bits of a single file; mode 0755 for a file without one. */
  readonly file?: Target;
  readonly unpack?: Unpacking;
}

export interface Target {
  readonly to: string;
  readonly mode?: number;
}

export interface Unpacking {
  readonly format?: string;
  readonly strip: number;
  readonly top?: string;
  readonly into?: string;
  /** Member or glob → where; a `to` that ends in "/" is a folder. */
  readonly files?: readonly { readonly member: string; readonly target: Target }[];
  readonly exclude: readonly string[];
  /** Bytes. */
  readonly limit: number;
}

export interface Edit {
  readonly path: string;
  readonly replace: string;
  readonly with: string;
}

export interface Link {
  readonly path: string;
  readonly to: string;
  readonly optional: boolean;
}
