import type { Release, Store } from '../store/store.ts';

/** What two stores hold of the same versions. Indexes are not compared: they follow from the releases. */
export interface ComparedStores {
  readonly from: string;
  readonly to: string;
  /** Tags that only the second has. */
  readonly added: readonly string[];
  /** Tags that only the first has. */
  readonly removed: readonly string[];
  /** Images of a name that are not the same bytes in both, or are only in one. */
  readonly changed: readonly string[];
  /** Images that are the same. */
  readonly same: number;
}

/** Compares all versions of two stores by the hashes of their images; downloads none. */
export async function compareStores(from: Store, to: Store): Promise<ComparedStores> {
  const [before, after] = await Promise.all([imagesOf(from), imagesOf(to)]);
  const both = [...before.keys()].filter((tag) => after.has(tag));
  const images = both.flatMap((tag) => {
    const [one, other] = [before.get(tag) ?? new Map(), after.get(tag) ?? new Map()];
    const names = [...new Set([...one.keys(), ...other.keys()])];
    return names.map((name) => ({
      name,
      isSame: isKnown(one.get(name)) && one.get(name) === other.get(name),
    }));
  });
  const changed = images.filter(({ isSame }) => !isSame).map(({ name }) => name);
  return {
    from: from.name,
    to: to.name,
    added: [...after.keys()].filter((tag) => !before.has(tag)).toSorted(),
    removed: [...before.keys()].filter((tag) => !after.has(tag)).toSorted(),
    changed: changed.toSorted((a, b) => a.localeCompare(b, 'en')),
    same: images.length - changed.length,
  };
}

function isKnown(sha256: string | undefined): boolean {
  return sha256 !== undefined;
}

/** Hash by image, by tag; metadata releases have other files, or images of many versions. */
async function imagesOf(store: Store): Promise<ReadonlyMap<string, ReadonlyMap<string, string | undefined>>> {
  const releases = await store.releases([...(await store.publishedTags())]);
  return new Map(
    releases.flatMap((release) => {
      const images = ownImages(release);
      return images.length === 0 ? [] : [[release.tag, new Map(images)]];
    }),
  );
}

function ownImages({ tag, assets }: Release): [string, string | undefined][] {
  return assets
    .filter(({ name }) => name.startsWith(`${tag}-`) && name.endsWith('.raw'))
    .filter(() => assets.some(({ name }) => name === `${tag}.inputs.json`))
    .map(({ name, sha256 }) => [name, sha256]);
}
