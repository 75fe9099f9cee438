import type { Arch } from '../names/arch.ts';
import type { Finished } from '../ports/exec.ts';

export type Kind = 'file' | 'folder' | 'symlink';

/** A host that images are merged into, afresh for every program, so that nothing of one trial reaches the next. */
export interface Host {
  /** For people: `this machine (debian 12, x86-64)`. */
  readonly name: string;
  readonly arch: Arch;
  /** Other architectures whose programs it runs, without libraries of theirs. */
  readonly runs: readonly Arch[];
  /** Assignments of its os-release. */
  readonly release: Readonly<Record<string, string>>;
  /** Of its systemd, as `257.13`; undefined where there is none that says it. */
  systemdVersion(): Promise<string | undefined>;
  /** Nothing but the files of the system: what an image covers there is missed by every host. */
  readonly isPristine: boolean;
  /** Whether programs may be run as root, which in a namespace of users alone is nobody much. */
  readonly hasRoot: boolean;
  /** What is at a path below /usr or /opt while nothing is merged; links are not followed. */
  kindAt(path: string): Promise<Kind | undefined>;
  /** Runs a program with the trees merged. Trees that come later lie above those before. */
  run(trees: readonly string[], command: readonly string[], options?: RunOptions): Promise<Finished>;
}

export interface RunOptions {
  /** Default: nobody. */
  readonly asRoot?: boolean;
  readonly seconds?: number;
}
