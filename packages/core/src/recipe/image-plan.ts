import type { Place } from '../diagnostics/place.ts';
import type { Download as FetchOrder } from '../fetch/fetch-artifacts.ts';
import type { Arch } from '../names/arch.ts';
import type { Placement, Staging } from '../stage/staging.ts';
import type { BuildStep } from '../steps/build-step.ts';
import type { Os } from './os.ts';
import type { UnitState } from './test-step.ts';

/** A recipe applied to one version, arch and one set of options: no conditions, no placeholders left. */
export interface ImagePlan extends Staging {
  readonly name: string;
  readonly version: string;
  readonly arch: Arch;
  readonly options: Readonly<Record<string, string>>;
  readonly downloads: readonly Download[];
  /** Scripts and patches are paths in the recipe’s folder. */
  readonly builds: readonly BuildStep[];
  readonly smoke: readonly Smoke[];
  /** In order. */
  readonly tests: readonly HostTest[];
  readonly os: Os;
}

/** What to fetch, and where it goes. */
export interface Download extends FetchOrder, Placement {
  /** What build steps call it. */
  readonly name?: string;
}

export interface Smoke {
  /** Where the recipe says so. */
  readonly place: Place;
  readonly argv: readonly string[];
  readonly prints?: string;
  readonly matches?: string;
}

/** What must hold on a host that runs. */
export type HostTest = {
  /** Where the recipe says so. */
  readonly place: Place;
  /** Seconds. */
  readonly within: number;
} & (
  | { readonly kind: 'config'; readonly path: string; readonly content: string; readonly mode: string }
  | { readonly kind: 'unit'; readonly unit: string; readonly state: UnitState }
  | { readonly kind: 'port'; readonly port: number }
  | {
      readonly kind: 'run';
      readonly argv: readonly string[];
      readonly prints?: string;
      readonly matches?: string;
    }
  | { readonly kind: 'file'; readonly path: string }
);
