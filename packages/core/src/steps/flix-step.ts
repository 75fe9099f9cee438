import type { Tree } from '../stage/tree.ts';
import type { BuildContext } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import type { BuildStep } from './build-step.ts';
import { flix } from './flix.ts';
import { prepareRoot } from './root.ts';

export type FlixStep = Extract<BuildStep, { flix: unknown }>['flix'];

/** Relocates programs of a foreign root into the image. */
export async function buildFlix(step: FlixStep, tree: Tree, context: BuildContext): Promise<BuildRecord> {
  const root = await prepareRoot(step.root, context);
  const { ports, scratch, name } = context;
  await flix({ root: root.path, name, entries: step.entries, extraLibs: step['extra-libs'] ?? [] }, tree, {
    exec: ports.exec,
    scratch,
    warn: (line) => ports.report.warn(line),
  });
  return { step: 'flix', ...root.record };
}
