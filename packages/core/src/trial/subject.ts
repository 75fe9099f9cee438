import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Arch } from '../names/arch.ts';
import type { Entries } from '../stage/checks/entries.ts';
import type { Promises } from './promises.ts';

/** An image to be tried, unpacked. */
export interface Subject {
  readonly name: string;
  /** Of the image. */
  readonly path: string;
  readonly version: string | undefined;
  /** As the image itself says. */
  readonly arch: Arch | undefined;
  /** Assignments of its extension-release. */
  readonly release: Readonly<Record<string, string>>;
  /** What `bakery verify` says of it. */
  readonly findings: readonly Diagnostic[];
  readonly entries: Entries;
  /** What its recipe promises, or why nobody knows. */
  readonly promises: Promises | { readonly unknown: string };
}
