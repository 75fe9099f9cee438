import { publishedExtensions, publishedVersions } from '../history/published-versions.ts';
import { readWithdrawals } from '../history/withdrawn.ts';
import type { MetadataContext } from './metadata.ts';

export interface NewestPublished {
  readonly name: string;
  readonly version: string;
}

/** The newest version of each extension that is published and not withdrawn; of all, or of those asked for. */
export async function newestPublished(
  asked: readonly string[],
  { store, names }: Pick<MetadataContext, 'store' | 'names'>,
): Promise<NewestPublished[]> {
  const extensions = asked.length > 0 ? asked : await publishedExtensions({ store, names });
  const found = await Promise.all(
    extensions.map(async (name) => {
      const [versions, withdrawn] = await Promise.all([
        publishedVersions(name, { store, names }),
        readWithdrawals(name, store),
      ]);
      const version = versions.find((one) => !withdrawn.has(one));
      return version === undefined ? [] : [{ name, version }];
    }),
  );
  return found.flat();
}
