import type { Arch } from '../../names/arch.ts';
import type { Exec } from '../../ports/exec.ts';
import type { Documents } from '../documents.ts';
import type { Expected } from '../hashing.ts';
import type { Mirrors } from '../mirrors.ts';
import type { LockFile } from './lock.ts';

/** What is known about the bytes before they come. */
export type Expectation =
  | { readonly kind: 'hash'; readonly expected: Expected }
  | { readonly kind: 'lock'; readonly expected: Expected | undefined; readonly reason: string }
  /** The signature beside them is the proof. */
  | { readonly kind: 'signature' }
  | { readonly kind: 'none'; readonly reason: string };

/** What a kind of integrity may ask. */
export interface IntegrityContext {
  /** Address of the artifact, before mirrors. */
  readonly url: string;
  readonly arch: Arch;
  readonly documents: Documents;
  readonly exec: Exec;
  readonly mirrors: Mirrors;
  /** Address of GitHub's API, no slash at the end. */
  readonly githubApi: string;
  readonly lockFile: LockFile;
}
