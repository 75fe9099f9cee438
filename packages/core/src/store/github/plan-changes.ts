import { catalogueName } from '../../names/catalogue-name.ts';
import { manifestName } from '../../names/manifest-name.ts';
import type { Asset, MetadataAsset, MetadataRelease } from '../store.ts';
import { textContent } from './content.ts';
import type { FoundRelease } from './find-releases.ts';
import { finalName } from './swap-names.ts';

/** What a metadata release holds that it should not, or lacks. */
export interface Changes {
  /** To upload, in the order in which readers may see them. */
  readonly put: readonly MetadataAsset[];
  /** Names to remove. */
  readonly remove: readonly string[];
  readonly isTextOld: boolean;
}

/** Files a metadata release may own; anything else in it is the user’s and stays. */
const ours =
  /\.(raw|conf|transfer|feature|(withdrawn|retired)\.json)$|^SHA256SUMS|^import-pubring\.(gpg|pgp)$|^(catalogue|updex)\.json$/;

export function planChanges(release: FoundRelease, wanted: MetadataRelease): Changes {
  const there = new Map(release.assets.map((asset) => [asset.name, asset]));
  const names = new Set(wanted.assets.map(({ name }) => name));
  return {
    put: inOrder(wanted.assets).filter((asset) => !isThere(there.get(asset.name), asset)),
    remove: [...there.keys()].filter((name) => {
      const isLeftover = finalName(name) !== undefined;
      return !names.has(name) && (isLeftover || ours.test(name));
    }),
    isTextOld:
      release.title !== (wanted.title ?? release.title) ||
      plain(release.notes) !== plain(wanted.notes ?? release.notes) ||
      (wanted.newest && release.isLatest === false),
  };
}

export function isNothing({ put, remove, isTextOld }: Changes): boolean {
  return put.length === 0 && remove.length === 0 && !isTextOld;
}

/** Images first, then what describes them, the manifest and its signature, and what tells programs of all that. */
export function inOrder(assets: readonly MetadataAsset[]): readonly MetadataAsset[] {
  return assets.toSorted((a, b) => rank(a) - rank(b));
}

/** Whether the same thing is wanted twice. */
export function isSame(one: MetadataRelease, other: MetadataRelease): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function rank(asset: MetadataAsset): number {
  if (asset.name === catalogueName) return 4;
  if (asset.name === manifestName) return 2;
  if (asset.name.startsWith(manifestName)) return 3;
  return 'from' in asset ? 0 : 1;
}

/** Without a digest on both sides the size has to do; names of images carry their version. */
function isThere(there: Asset | undefined, wanted: MetadataAsset): boolean {
  if (there === undefined) return false;
  const { size, sha256 } = 'from' in wanted ? wanted.from.asset : textContent(wanted.name, wanted.text);
  if (there.sha256 !== undefined && sha256 !== undefined) return there.sha256 === sha256;
  return 'from' in wanted && there.size === size;
}

/** GitHub may keep the line ends of a web form. */
function plain(notes: string): string {
  return notes.replaceAll('\r\n', '\n').trimEnd();
}
