import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tagOf } from '@bakery/core/release.ts';

const file = 'trouble.txt';

/** Leaves word of why a job did not do its work where bake.yaml keeps it for the summary of the run. */
export async function leaveTrouble(env: NodeJS.ProcessEnv, why: string): Promise<void> {
  const temporary = env['RUNNER_TEMP'];
  if (temporary === undefined) return;
  const folder = join(temporary, 'bakery-trouble');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, file), why);
}

/**
 * What jobs left, by the tag of the version they were about: a folder called `trouble@NAME@VERSION@JOB` each. As every
 * job of a run may write artifacts, what they say is shown and never believed.
 */
export async function readTroubles(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const troubles = new Map<string, readonly string[]>();
  const artifacts: string[] = await readdir(folder).catch(() => []);
  for (const artifact of artifacts.toSorted()) {
    const [kind, name = '', version = ''] = artifact.split('@');
    const why =
      kind === 'trouble' ? await readFile(join(folder, artifact, file), 'utf8').catch(() => '') : '';
    const tag = tagOf({ name, version });
    if (why !== '') troubles.set(tag, [...(troubles.get(tag) ?? []), why]);
  }
  return troubles;
}
