import type { Tree } from '../stage/tree.ts';
import type { BuildContext } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import type { BuildStep } from './build-step.ts';
import { usualSides } from './flatwrap-layout.ts';
import { flatwrap } from './flatwrap.ts';
import { prepareRoot } from './root.ts';

export type FlatwrapStep = Extract<BuildStep, { flatwrap: unknown }>['flatwrap'];

/** Ships a foreign root with wrappers for some of its programs. */
export async function buildFlatwrap(
  { root, entries, ...sides }: FlatwrapStep,
  tree: Tree,
  context: BuildContext,
): Promise<BuildRecord> {
  const { path, record } = await prepareRoot(root, context);
  const chosen = {
    etc: sides.etc ?? usualSides.etc,
    var: sides.var ?? usualSides.var,
    home: sides.home ?? usualSides.home,
    chroot: sides.chroot ?? usualSides.chroot,
    host: sides.host ?? usualSides.host,
  };
  flatwrap({ root: path, name: context.name, entries, sides: chosen }, tree);
  return { step: 'flatwrap', ...record };
}
