import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

export const verdictFile = 'rebuilt.json';

/**
 * What came of building a published image again: `explained` are other bytes of the same files, by another tool or library;
 * `unexplained` is also what cannot be built any more.
 */
export const RebuildVerdict = z.object({
  extension: z.string(),
  version: z.string(),
  arch: z.string(),
  verdict: z.enum(['same', 'explained', 'unexplained', 'not built']),
  why: z.string(),
});
export type RebuildVerdict = z.infer<typeof RebuildVerdict>;

/** What jobs left in folders `rebuilt@NAME@VERSION@ARCH`. As every job of a run may write artifacts, it is shown only. */
export async function readVerdicts(folder: string): Promise<readonly RebuildVerdict[]> {
  const artifacts = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith('rebuilt@'));
  const verdicts = artifacts.toSorted().map(async (artifact): Promise<RebuildVerdict[]> => {
    const text = await readFile(join(folder, artifact, verdictFile), 'utf8').catch(() => '');
    try {
      return [RebuildVerdict.parse(JSON.parse(text))];
    } catch {
      return [];
    }
  });
  return (await Promise.all(verdicts)).flat();
}
