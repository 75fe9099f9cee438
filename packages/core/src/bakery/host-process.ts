import type { Exec } from '../ports/exec.ts';
import type { Report } from '../ports/report.ts';

/** The process a bakery runs in, as far as it matters. */
export interface HostProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly homedir: string;
  /** For scratch files; must have room for unpacked images. */
  readonly tmpdir: string;
  readonly isRoot: boolean;
  /** Folder with the recipes that come with the bakery. */
  readonly ownRecipes: string;
  /** The first root.json to believe of Sigstore, instead of the one that comes with its library. */
  readonly sigstoreRoot?: Uint8Array;
  readonly exec: Exec;
  readonly report: Report;
}
