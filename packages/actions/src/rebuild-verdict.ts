import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CatalogueRebuild, type Judged } from '@bakery/core/catalogue.ts';
import { readPlain } from '@bakery/core/lifetime.ts';

export const verdictFile = 'rebuilt.json';
const maxBytes = 256 * 1024; // of what one job says; errors are capped long before

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
  /** What the catalogue is to say of the published image; absent of one that was not judged. */
  judged: z.object({ sha256: z.string(), rebuild: CatalogueRebuild }).optional(),
});
export type RebuildVerdict = z.infer<typeof RebuildVerdict>;

/**
 * What jobs left in folders `rebuilt@NAME@VERSION@ARCH`, each of the image in its name. Every job of a run may write artifacts,
 * so it is shown and decides nothing.
 */
export async function readVerdicts(folder: string): Promise<readonly RebuildVerdict[]> {
  const artifacts = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith('rebuilt@'));
  const verdicts = artifacts.toSorted().map(async (artifact): Promise<RebuildVerdict[]> => {
    try {
      const text = await readPlain(join(folder, artifact, verdictFile), { maxBytes });
      const told = RebuildVerdict.parse(JSON.parse(text?.toString('utf8') ?? ''));
      return artifact === `rebuilt@${told.extension}@${told.version}@${told.arch}` ? [told] : [];
    } catch {
      return [];
    }
  });
  return (await Promise.all(verdicts)).flat();
}

/**
 * What the catalogue may be told: of images this run was to build again. `url` leads to the run.
 */
export function judgedIn(
  verdicts: readonly RebuildVerdict[],
  planned: readonly Pick<RebuildVerdict, 'extension' | 'version' | 'arch'>[],
  url: string,
): readonly Judged[] {
  const isPlanned = (one: RebuildVerdict): boolean =>
    planned.some(
      ({ extension, version, arch }) =>
        extension === one.extension && version === one.version && arch === one.arch,
    );
  return verdicts.filter(isPlanned).flatMap(({ extension, version, judged }) => {
    if (judged === undefined) return [];
    const { sha256, rebuild } = judged;
    return [{ extension, version, sha256, rebuild: { ...rebuild, url } }];
  });
}
