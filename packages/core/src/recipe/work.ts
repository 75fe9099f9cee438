import type { Arch } from '../arch.ts';
import type { Integrity } from '../fetch/integrity/integrity.ts';
import type { Signature } from '../fetch/signature/signature.ts';
import type { BuildStep } from './build-step.ts';
import type { Place } from './place.ts';

/** A recipe applied to one version, one arch and one set of options: no conditions, no placeholders left. */
export interface Work {
  readonly name: string;
  readonly version: string;
  readonly arch: Arch;
  readonly options: Readonly<Record<string, string>>;
  readonly downloads: readonly Download[];
  /** Static trees to copy first, as absolute folders on this machine. */
  readonly trees: readonly string[];
  /** Without conditions; scripts and patches are absolute files on this machine. */
  readonly builds: readonly BuildStep[];
  readonly folders: readonly { readonly path: string; readonly mode: number }[];
  readonly texts: readonly { readonly path: string; readonly content: string; readonly mode: number }[];
  readonly edits: readonly { readonly path: string; readonly replace: string; readonly with: string }[];
  readonly links: readonly { readonly path: string; readonly to: string; readonly optional: boolean }[];
  readonly requires: readonly string[];
  readonly smoke: readonly Smoke[];
}

export interface Download {
  /** Where the entry stands in its recipe, for errors. */
  readonly place: Place;
  readonly name?: string;
  readonly url: string;
  readonly integrity: Integrity;
  /** Proved before the bytes are used, never ignored; key files are absolute. */
  readonly signature?: Signature;
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

export interface Smoke {
  readonly argv: readonly string[];
  readonly prints?: string;
  readonly matches?: string;
}
