import type { Fetched } from '../fetch/fetched.ts';
import type { Mirrors } from '../fetch/mirrors.ts';
import type { Arch } from '../names/arch.ts';
import type { Ports } from '../ports/ports.ts';
import type { ImageOverride } from './image-overrides.ts';

/** What is the same for every build of a run. */
export interface BuildSettings {
  readonly images: readonly ImageOverride[];
  readonly mirrors: Mirrors;
  readonly offline: boolean;
  /** Folder that logs of failed builds are kept in. */
  readonly logs: string;
}

/** What the steps of one image work with. */
export interface BuildContext extends BuildSettings {
  readonly ports: Ports;
  /** As in PATH. */
  readonly path: string;
  readonly isRoot: boolean;
  readonly name: string;
  readonly version: string;
  readonly arch: Arch;
  /** Absolute; scripts and patches lie in it. */
  readonly recipeFolder: string;
  /** Existing folder for half-made things. */
  readonly scratch: string;
  /** Seconds since 1970. */
  readonly epoch: number;
  /** Processes a compiler may use. */
  readonly jobs: number;
  /** A downloaded entry of the recipe by its name. */
  artifact(name: string): Fetched;
}

/** Bytes a root or a build’s output may hold. */
export const outputLimit = 8 * 1024 ** 3;
