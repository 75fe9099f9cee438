import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { BakeryVersion } from '../../provenance/inputs.ts';
import { gitState, type GitContext } from './git-state.ts';

/** package.json at the top of a checkout, or that of a bundle, which has no git beside it and says the commit itself. */
const OwnManifest = z.object({
  name: z.literal('sysext-bakery'),
  version: z.string(),
  commit: z.string().optional(),
  changed: z.boolean().optional(),
});

/** What an image is made by, beside its recipe. */
const sources = ['packages', 'scripts', 'pnpm-lock.yaml', ':(exclude,glob)**/node_modules/**'];

/** Version and commit of the bakery whose code lies in `folder`; without a commit where nobody knows it. */
export async function ownVersion(
  context: GitContext,
  folder: string = import.meta.dirname,
): Promise<BakeryVersion> {
  const { root, manifest } = await ownManifest(folder);
  const { version, commit, changed } = manifest;
  if (commit !== undefined) return { version, commit, ...(changed === undefined ? {} : { changed }) };
  const state = await gitState(root, sources, context);
  // In a folder of somebody else’s repository, the commit is theirs.
  if (state?.path !== '.') return { version };
  return { version, commit: state.commit, changed: state.changed };
}

async function ownManifest(folder: string): Promise<{ root: string; manifest: z.infer<typeof OwnManifest> }> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  const { data } = OwnManifest.safeParse(JSON.parse(text));
  if (data !== undefined) return { root: folder, manifest: data };
  if (dirname(folder) === folder) throw new Error('the package.json of the bakery is missing');
  return ownManifest(dirname(folder));
}

/** As `bakery --version` shows it. */
export function showVersion({ version, commit, changed }: BakeryVersion): string {
  if (commit === undefined) return `bakery ${version}`;
  return `bakery ${version} (commit ${commit}${changed === true ? ', with local changes' : ''})`;
}
