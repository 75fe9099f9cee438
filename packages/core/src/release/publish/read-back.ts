import pLimit from 'p-limit';
import { UserError } from '../../diagnostics/user-error.ts';
import { manifestName } from '../../names/manifest-name.ts';
import { parseTag } from '../../names/tag.ts';
import type { Report } from '../../ports/report.ts';
import type { Store } from '../../store/store.ts';
import { parseManifest } from '../../sysupdate/manifest.ts';

/** Something in a store that is not as it was published. */
export interface Difference {
  readonly tag: string;
  /** Empty for the release as a whole. */
  readonly file: string;
  /** `expected …, got …` */
  readonly problem: string;
}

export interface ReadBack {
  readonly releases: number;
  readonly files: number;
  readonly differences: readonly Difference[];
}

const readsAtOnce = 4; // a disk and a line are busy with fewer; more only jump between files

/**
 * Reads every byte of every file a store has published, and holds it against what the manifest of its release and
 * the store itself say of it. `names` are extensions to look at; all when there are none.
 */
export async function readBack(
  store: Store,
  known: readonly string[],
  names: readonly string[],
  report: Pick<Report, 'info'>,
): Promise<ReadBack> {
  const tags = [...(await store.publishedTags())].toSorted().filter((tag) => {
    const parsed = parseTag(tag, known);
    return names.length === 0 || ('name' in parsed && names.includes(parsed.name));
  });
  const limit = pLimit(readsAtOnce);
  const differences: Difference[] = [];
  let files = 0;
  for (const tag of tags) {
    const found = await readRelease(store, tag, limit);
    files += found.files;
    for (const difference of found.differences) differences.push(difference);
    report.info(`${tag}: ${found.files} files, ${found.differences.length} differ`);
  }
  return { releases: tags.length, files, differences };
}

async function readRelease(
  store: Store,
  tag: string,
  limit: ReturnType<typeof pLimit>,
): Promise<{ readonly files: number; readonly differences: readonly Difference[] }> {
  try {
    const [release] = await store.releases([tag]);
    if (release === undefined) throw new UserError('store.missing', 'expected a published release, got none');
    const listed = await listedIn(store, tag);
    const known = new Map(release.assets.map(({ name, sha256 }) => [name, sha256]));
    const missing = [...listed]
      .filter(([name]) => name.startsWith(`${tag}-`) && !known.has(name))
      .map(([name, sha256]) => ({ tag, file: name, problem: `expected SHA-256 ${sha256}, got no file` }));
    const read = await Promise.all(
      release.assets.map(({ name, sha256 }) =>
        limit(async (): Promise<Difference[]> => {
          const wanted = [...new Set([listed.get(name), sha256])].filter((hash) => hash !== undefined);
          const got = await store.hash(tag, name);
          if (wanted.every((hash) => hash === got) && got !== undefined) return [];
          const expected = wanted.length === 0 ? 'a file' : `SHA-256 ${wanted.join(' and ')}`;
          return [{ tag, file: name, problem: `expected ${expected}, got ${got ?? 'no file'}` }];
        }),
      ),
    );
    return { files: release.assets.length, differences: [...missing, ...read.flat()] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { files: 0, differences: [{ tag, file: '', problem: error.message }] };
  }
}

/** What the manifest of a release says, if it has one. */
async function listedIn(store: Store, tag: string): Promise<ReadonlyMap<string, string>> {
  const text = await store.read(tag, manifestName);
  if (text === undefined) return new Map();
  return new Map(parseManifest(text, `${tag}/${manifestName}`).map(({ name, sha256 }) => [name, sha256]));
}
