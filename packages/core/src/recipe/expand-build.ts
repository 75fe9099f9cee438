import { join } from 'node:path';
import { render, type Values } from '../language/template.ts';
import type { BuildStep } from '../steps/build-step.ts';
import { holds, type Facts } from '../versions/condition.ts';

interface Context {
  readonly folder: string;
  readonly facts: Facts;
  readonly values: Values;
}

/** A build step without conditions and placeholders; its files are absolute. */
export function expandBuild(step: BuildStep, context: Context): BuildStep {
  if ('container' in step) return expandContainer(step, context);
  const { values } = context;
  if ('flix' in step) return { flix: renderAll(step.flix, values) };
  if ('inner' in step) return { inner: renderInner(step.inner, values) };
  if ('flatwrap' in step) return { flatwrap: renderAll(step.flatwrap, values) };
  return { 'oci-rootfs': renderAll(step['oci-rootfs'], values) };
}

type InnerStep = Extract<BuildStep, { inner: unknown }>;

function renderInner({ files, ...rest }: InnerStep['inner'], values: Values): InnerStep['inner'] {
  const rendered = Object.entries(files).map(([member, to]) => [render(member, values), render(to, values)]);
  return { ...renderAll(rest, values), files: Object.fromEntries(rendered) };
}

type ContainerStep = Extract<BuildStep, { container: unknown }>;

function expandContainer(step: ContainerStep, { folder, facts, values }: Context): ContainerStep {
  const { script, patches, ...rest } = step.container;
  const applied = (patches ?? []).flatMap((patch) => {
    if (typeof patch === 'string') return [join(folder, patch)];
    return holds(patch, facts) ? [join(folder, patch.path)] : [];
  });
  return {
    container: { ...renderAll(rest, values), script: join(folder, script), patches: applied },
  };
}

/** The same value with every text in it rendered; keys stay as they are. */
function renderAll<T>(value: T, values: Values): T;
function renderAll(value: unknown, values: Values): unknown {
  if (typeof value === 'string') return render(value, values);
  if (Array.isArray(value)) return value.map((item) => renderAll(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renderAll(item, values)]));
}
