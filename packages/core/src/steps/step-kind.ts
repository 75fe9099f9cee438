import type { z } from 'zod';
import type { KeyIssue } from '../diagnostics/diagnostic.ts';
import type { KeyPath } from '../diagnostics/key-path.ts';
import type { Kind } from '../language/kinds.ts';
import type { Tree } from '../stage/tree.ts';
import type { Job } from '../tools/known-tools.ts';
import type { Condition, Facts } from '../versions/condition.ts';
import type { BuildContext } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';

/** Something a step names, and where below the entry of the recipe it does. */
export interface Named {
  readonly path: KeyPath;
  readonly name: string;
}

/** What a step of a kind needs and how it runs; `Step` is what its own key holds. */
export interface StepWork<Step> {
  /** Puts what it makes into the tree, and tells what that was made from. */
  run(step: Step, tree: Tree, context: BuildContext): Promise<BuildRecord>;
  /** What must be installed. */
  tools(step: Step): readonly Job[];
  /** Whether a program runs in a container, so that tools which only unpack images will not do. */
  needsEngine?(step: Step): boolean;
  /** Artifacts of the recipe that it takes. */
  artifacts?(step: Step): readonly Named[];
  /** Files of the recipe’s folder that it reads. */
  files?(step: Step): readonly Named[];
  /** Parts of it that have conditions of their own. */
  conditions?(step: Step): readonly { readonly path: KeyPath; readonly condition: Condition }[];
  /** What is wrong with it that its schema cannot see. */
  problems?(step: Step): readonly KeyIssue[];
  /** What it runs that fetches things which nobody checks. */
  unproved?(step: Step): readonly Named[];
  /** An image that lint wants pinned by digest. */
  unpinned?(step: Step): readonly Named[];
}

interface SomeStep {
  readonly kind: string;
  readonly step: unknown;
}

/** What a recipe can have done that needs more than files. */
export interface StepKind<Value extends SomeStep> extends Kind<Value>, StepWork<Value['step']> {
  /** Without the parts whose conditions do not hold. */
  reduce?(value: Value, facts: Facts): Value;
}

/** Infers what a kind’s schema gives. */
export function stepKind<Value extends SomeStep>(
  record: { readonly schema: z.ZodType<Value> } & StepKind<NoInfer<Value>>,
): StepKind<Value> {
  return record;
}
