import { join } from 'node:path';
import { showPath } from '../diagnostics/problem.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { expectation, explain } from '../language/explain.ts';
import { render, type Values } from '../language/template.ts';
import { BuildStep } from '../steps/build-step.ts';
import { holds, type Facts } from '../versions/condition.ts';

interface Context {
  readonly folder: string;
  readonly facts: Facts;
  readonly values: Values;
}

/**
 * A build step without conditions and placeholders; its files are absolute. What its templates became is checked
 * like what the author wrote: a value could be an option of a program that a step starts.
 */
export function expandBuild(step: BuildStep, { folder, facts, values }: Context): BuildStep {
  if (!('container' in step)) return checked(renderStep(step, values));
  const plain = checked({ container: renderContainer(step.container, facts, values) });
  if (!('container' in plain)) throw new Error(`${folder}: a container became another step`);
  const { script, patches = [], ...rest } = plain.container;
  const files = patches.map((patch) => join(folder, typeof patch === 'string' ? patch : patch.path));
  return { container: { ...rest, script: join(folder, script), patches: files } };
}

function renderStep(step: Exclude<BuildStep, ContainerStep>, values: Values): BuildStep {
  if ('flix' in step) return { flix: renderAll(step.flix, values) };
  if ('inner' in step) return { inner: renderInner(step.inner, values) };
  if ('flatwrap' in step) return { flatwrap: renderAll(step.flatwrap, values) };
  return { 'oci-rootfs': renderAll(step['oci-rootfs'], values) };
}

function checked(step: BuildStep): BuildStep {
  const result = BuildStep.safeParse(step, { error: expectation });
  if (result.success) return result.data;
  const [first] = explain(result.error.issues, step);
  throw new UserError(
    first === undefined ? 'expected a build step' : `${showPath(first.path)}: ${first.text}`,
  );
}

type InnerStep = Extract<BuildStep, { inner: unknown }>;

function renderInner({ files, ...rest }: InnerStep['inner'], values: Values): InnerStep['inner'] {
  const rendered = Object.entries(files).map(([member, to]) => [render(member, values), render(to, values)]);
  return { ...renderAll(rest, values), files: Object.fromEntries(rendered) };
}

type ContainerStep = Extract<BuildStep, { container: unknown }>;

function renderContainer(
  { script, patches = [], ...rest }: ContainerStep['container'],
  facts: Facts,
  values: Values,
): ContainerStep['container'] {
  const applied = patches.flatMap((patch) => {
    if (typeof patch === 'string') return [patch];
    return holds(patch, facts) ? [patch.path] : [];
  });
  return { ...renderAll(rest, values), script, patches: applied };
}

/** The same value with every text in it rendered; keys stay as they are. */
function renderAll<T>(value: T, values: Values): T;
function renderAll(value: unknown, values: Values): unknown {
  if (typeof value === 'string') return render(value, values);
  if (Array.isArray(value)) return value.map((item) => renderAll(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renderAll(item, values)]));
}
