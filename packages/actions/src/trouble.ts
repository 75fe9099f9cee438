import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tagOf } from '@bakery/core/names.ts';

/** A job that failed leaves the one, one that leaves its work to the next run the other. */
const files = { failed: 'trouble.txt', waiting: 'waiting.txt' } as const;

export interface Trouble {
  readonly kind: keyof typeof files;
  readonly why: string;
}

/** Leaves word of why a job did not do its work where bake.yaml keeps it for the summary of the run. */
export async function leaveTrouble(env: NodeJS.ProcessEnv, { kind, why }: Trouble): Promise<void> {
  const temporary = env['RUNNER_TEMP'];
  if (temporary === undefined) return;
  const folder = join(temporary, 'bakery-trouble');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, files[kind]), why);
}

/**
 * What jobs left, by the tag of the version they were about: a folder called `trouble@NAME@VERSION@JOB` each. As every
 * job of a run may write artifacts, what they say is shown and never believed.
 */
export async function readTroubles(folder: string): Promise<ReadonlyMap<string, readonly Trouble[]>> {
  const troubles = new Map<string, readonly Trouble[]>();
  const artifacts: string[] = await readdir(folder).catch(() => []);
  for (const artifact of artifacts.toSorted()) {
    const [kind, name = '', version = ''] = artifact.split('@');
    if (kind !== 'trouble') continue;
    const tag = tagOf({ name, version });
    for (const told of ['failed', 'waiting'] as const) {
      const why = await readFile(join(folder, artifact, files[told]), 'utf8').catch(() => '');
      if (why !== '') troubles.set(tag, [...(troubles.get(tag) ?? []), { kind: told, why }]);
    }
  }
  return troubles;
}
