import { tagOf } from '@bakery/core/names.ts';
import type { Arch } from '@bakery/core/names.ts';
import { artifactPattern, type Wanted } from '@bakery/core/release.ts';

/** One job of the build matrix. */
export interface Build {
  readonly extension: string;
  readonly version: string;
  readonly arch: Arch;
  /** Label for `runs-on`. */
  readonly runner: string;
  /** Lines of KEY=VALUE, the same for all arches of a version. */
  readonly options: string;
  /** Why a published version is revised, when it is. */
  readonly revise?: string;
}

/** One job that builds a published image again. */
export type Rebuild = Pick<Build, 'extension' | 'version' | 'arch' | 'runner'>;

/** One job of the publish matrix. */
export interface ReleaseJob {
  readonly extension: string;
  readonly version: string;
  /** Glob for the artifacts of its build jobs, and for no others. */
  readonly artifacts: string;
  /** `true` for one version of each extension: its job brings the index up to date as well. */
  readonly index: boolean;
  /** The earlier run that has the images, when they are not built. */
  readonly run?: number;
}

/** A version and the arches its recipe has. */
export interface Candidate {
  readonly wanted: Wanted;
  readonly arches: readonly Arch[];
}

export const matrixLimit = 256; // jobs; GitHub refuses a matrix with more

/**
 * The first `maxBuilds` versions, or as many as fit into a matrix with all their arches; the rest is for the next run.
 */
export function cutToSize(
  candidates: readonly Candidate[],
  maxBuilds: number,
): { readonly chosen: readonly Candidate[]; readonly deferred: readonly Candidate[] } {
  let jobs = 0;
  const full = candidates.findIndex(({ arches }) => (jobs += arches.length) > matrixLimit);
  const end = Math.min(maxBuilds, full === -1 ? candidates.length : full);
  return { chosen: candidates.slice(0, end), deferred: candidates.slice(end) };
}

/** One job a version. The last of each extension makes its index, so that hosts need not wait for all others. */
export function jobsOf(
  chosen: readonly Candidate[],
  runs: ReadonlyMap<string, number> = new Map(),
): ReleaseJob[] {
  const last = new Map(chosen.map((candidate) => [candidate.wanted.name, candidate]));
  return chosen.map((candidate) => {
    const { wanted, arches } = candidate;
    const { name: extension, version } = wanted;
    const artifacts = artifactPattern({ name: extension, version }, arches);
    const run = runs.get(tagOf(wanted));
    const index = last.get(extension) === candidate;
    return { extension, version, artifacts, index, ...(run === undefined ? {} : { run }) };
  });
}

/**
 * Each image once more. What only packs builds anywhere: the one for arm64 on the other kind of machine, so that two kinds
 * must agree.
 */
export function rebuildsOf(
  candidates: readonly Candidate[],
  runners: Readonly<Record<Arch, string>>,
  compiles: (extension: string) => boolean,
): Rebuild[] {
  return candidates.flatMap(({ wanted: { name: extension, version }, arches }) =>
    arches.map((arch) => ({
      extension,
      version,
      arch,
      runner: runners[compiles(extension) ? arch : 'x86-64'],
    })),
  );
}

export function buildsOf(
  { wanted, arches }: Candidate,
  options: Readonly<Record<string, string>>,
  runners: Readonly<Record<Arch, string>>,
): Build[] {
  const lines = Object.entries(options).map(([key, value]) => `${key}=${value}`);
  return arches.map((arch) => ({
    extension: wanted.name,
    version: wanted.version,
    arch,
    runner: runners[arch],
    options: lines.join('\n'),
    ...(wanted.revise === undefined ? {} : { revise: wanted.revise }),
  }));
}
