import type { z } from 'zod';
import type { KeyIssue } from '../diagnostics/diagnostic.ts';
import type { KeyPath } from '../diagnostics/key-path.ts';
import { kindOf, oneOf } from '../language/kinds.ts';
import type { Condition, Facts } from '../versions/condition.ts';
import { containerStep } from './container-step.ts';
import { flatwrapStep } from './flatwrap-step.ts';
import { flixStep } from './flix-step.ts';
import { innerStep } from './inner-step.ts';
import { ociRootfsStep } from './oci-rootfs-step.ts';
import { scriptStep } from './script-step.ts';
import type { Named, StepKind } from './step-kind.ts';

/** A new kind is one file here and one line in this list. */
const all = [containerStep, flixStep, flatwrapStep, ociRootfsStep, innerStep, scriptStep] as const;

/** What needs more than files: a compiler, a foreign root, relocation. */
export const BuildStep = oneOf(all);
export type BuildStep = z.infer<typeof BuildStep>;

const kinds: readonly StepKind<BuildStep>[] = all;

export function kindOfStep(step: BuildStep): StepKind<BuildStep> {
  return kindOf(kinds, step);
}

/** Artifacts that steps take, and where in the recipe they are named. */
export function artifactsTaken(steps: readonly BuildStep[]): Named[] {
  return named(steps, (kind, step) => kind.artifacts?.(step) ?? []);
}

/** Files of the recipe’s folder that steps read. */
export function filesOfSteps(steps: readonly BuildStep[]): Named[] {
  return named(steps, (kind, step) => kind.files?.(step) ?? []);
}

/** What steps run that fetches things which nobody checks. */
export function unprovedScripts(steps: readonly BuildStep[]): Named[] {
  return named(steps, (kind, step) => kind.unproved?.(step) ?? []);
}

/** Images without a digest. */
export function unpinnedImages(steps: readonly BuildStep[]): Named[] {
  return named(steps, (kind, step) => kind.unpinned?.(step) ?? []);
}

/** What is wrong with steps that schemas cannot see. */
export function stepProblems(steps: readonly BuildStep[]): KeyIssue[] {
  return named(steps, (kind, step) => kind.problems?.(step) ?? []);
}

/** Conditions inside steps. */
export function conditionsInSteps(
  steps: readonly BuildStep[],
): { readonly path: KeyPath; readonly condition: Condition }[] {
  return named(steps, (kind, step) => kind.conditions?.(step) ?? []);
}

/** A step without the parts whose conditions do not hold. */
export function reducedStep(step: BuildStep, facts: Facts): BuildStep {
  return kindOfStep(step).reduce?.(step, facts) ?? step;
}

function named<T extends { readonly path: KeyPath }>(
  steps: readonly BuildStep[],
  find: (kind: StepKind<BuildStep>, step: BuildStep['step']) => readonly T[],
): T[] {
  return steps.flatMap((step, index) =>
    find(kindOfStep(step), step.step).map((one) => ({
      ...one,
      path: ['build', index, step.kind, ...one.path],
    })),
  );
}
