import { z } from 'zod';
import { templated } from '../language/slots.ts';
import type { Tree } from '../stage/tree.ts';
import { conditionShape } from '../versions/condition.ts';
import type { BuildContext } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import { flix } from './flix.ts';
import { Entry } from './root-entry.ts';
import { prepareRoot, Root, workWithRoot } from './root.ts';
import { stepKind } from './step-kind.ts';

const Library = z
  .string()
  .regex(/^[\w/][\w./+@-]*$/, { error: 'expected the name of a library, like libssl.so.3, or its path' });
const Flix = z.strictObject({
  root: Root,
  entries: z.array(Entry).min(1).describe('Programs and folders of the root to relocate.'),
  'extra-libs': z
    .array(templated(Library))
    .optional()
    .describe('Libraries that are loaded at run time without being linked.'),
});
type Flix = z.infer<typeof Flix>;

export const flixStep = stepKind({
  kind: 'flix',
  form: '{flix}',
  schema: z
    .strictObject({ flix: Flix, ...conditionShape })
    .transform(({ flix: step, ...conditions }) => ({ kind: 'flix' as const, step, ...conditions })),
  run: buildFlix,
  ...workWithRoot(['relocation']),
});

/** Relocates programs of a foreign root into the image. */
async function buildFlix(step: Flix, tree: Tree, context: BuildContext): Promise<BuildRecord> {
  const root = await prepareRoot(step.root, context);
  const { ports, scratch, name } = context;
  await flix({ root: root.path, name, entries: step.entries, extraLibs: step['extra-libs'] ?? [] }, tree, {
    exec: ports.exec,
    scratch,
    warn: (line) => ports.report.warn(line),
  });
  return { step: 'flix', ...root.record };
}
