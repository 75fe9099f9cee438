import { z } from 'zod';
import { plainPath } from '../language/image-paths.ts';
import type { Tree } from '../stage/tree.ts';
import { conditionShape } from '../versions/condition.ts';
import type { BuildContext } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import { usualSides } from './flatwrap-layout.ts';
import { flatwrap } from './flatwrap.ts';
import { Entry } from './root-entry.ts';
import { prepareRoot, Root, workWithRoot } from './root.ts';
import { stepKind } from './step-kind.ts';

const Folder = z.string().regex(plainPath, {
  error: 'expected an absolute path of letters, digits and "._@+-"',
});
const side = z.enum(['chroot', 'host']);
const Flatwrap = z.strictObject({
  root: Root,
  entries: z.array(Entry).min(1).describe('Programs that get a wrapper in /usr/bin.'),
  etc: side.default(usualSides.etc),
  var: side.default(usualSides.var),
  home: side.default(usualSides.home),
  chroot: z
    .array(Folder)
    .default([...usualSides.chroot])
    .describe('Folders seen from the root; /usr, /lib, … by default.'),
  host: z
    .array(Folder)
    .default([...usualSides.host])
    .describe('Folders seen from the host; /dev, /run, … by default.'),
});
type Flatwrap = z.infer<typeof Flatwrap>;

export const flatwrapStep = stepKind({
  kind: 'flatwrap',
  form: '{flatwrap}',
  schema: z
    .strictObject({ flatwrap: Flatwrap, ...conditionShape })
    .transform(({ flatwrap: step, ...conditions }) => ({ kind: 'flatwrap' as const, step, ...conditions })),
  run: buildFlatwrap,
  ...workWithRoot([]),
});

/** Ships a foreign root with wrappers for some of its programs. */
async function buildFlatwrap(
  { root, entries, ...sides }: Flatwrap,
  tree: Tree,
  context: BuildContext,
): Promise<BuildRecord> {
  const { path, record } = await prepareRoot(root, context);
  flatwrap({ root: path, name: context.name, entries, sides }, tree);
  return { step: 'flatwrap', ...record };
}
