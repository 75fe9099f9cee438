import type { Budget } from './budget.ts';
import type { Obstacle, Planned } from './obstacles.ts';

/** Where releases live. A release is a tag with assets; a published one never changes. */
export interface Store {
  /** As the user writes it: `dir:PATH`, `github:OWNER/REPO`. */
  readonly name: string;
  /** Which images lie beside an extension’s index, so that hosts can fetch both from one place. */
  readonly imagesBesideIndex: 'all' | 'newest' | 'none';
  /** Bytes of the largest file it takes; undefined where there is no limit. */
  readonly largestFile: number | undefined;
  /** URL of the folder that holds the files of a release or an index, ending in `/`, when no hub is configured. */
  indexUrl(tag: string): string;
  /** Page on which people read the notes of a release; undefined in a store without pages. */
  notesUrl(tag: string): string | undefined;

  /** Every tag with a published release, metadata releases included; only those that begin with `prefix`. */
  publishedTags(prefix?: string): Promise<ReadonlySet<string>>;
  /** The published releases among `tags`, in that order, those that do not exist left out. */
  releases(tags: readonly string[]): Promise<readonly Release[]>;
  /** Whether a published release has any of these assets. Free where everybody may read and the release has a manifest. */
  hasAny(tag: string, assets: readonly string[]): Promise<boolean>;
  /** The bytes of a small published asset as UTF-8 text, or `undefined` when there is none. */
  read(tag: string, asset: string): Promise<string | undefined>;
  /** Whether a listed asset is only the stump of an upload that was cut short, of which nobody gets a byte. */
  isStump(tag: string, asset: string): Promise<boolean>;
  /** The SHA-256 of the bytes that are there now, every one of them read; `undefined` when there are none. */
  hash(tag: string, asset: string): Promise<string | undefined>;
  /** Writes a published asset to the file `path`, proved to be whole where its hash is known. */
  download(tag: string, asset: Asset, path: string): Promise<void>;
  /**
   * Publishes a release as a whole or not at all, repairing what a killed run left. Never touches a
   * published one: that answers `exists`.
   */
  publish(release: NewRelease): Promise<'published' | 'exists'>;
  /** Shows on a published release, beside its files, why it is withdrawn, or that it is no more. Its files stay as they are. */
  mark(tag: string, withdrawn: string | undefined): Promise<void>;
  /** Removes a published release that no index names any more; one that is not there is no error. */
  remove(tag: string): Promise<void>;
  /**
   * Makes a metadata release hold exactly what `plan` says, writing only what differs: images first, the
   * manifest after them, removals last. `plan` is called again whenever another run may have changed the
   * store meanwhile, so it must look at the store each time. `undefined` leaves everything as it is. What is too
   * much for now is written in parts, the rest by later runs.
   */
  replace(tag: string, plan: () => Promise<MetadataRelease | undefined>): Promise<Replaced>;
  /** What may be written for now; undefined where nothing limits it. */
  budget(): Promise<Budget | undefined>;
  /** What stands in the way of what is planned, as far as it shows before anything is written. Asks only what `planned` needs. */
  obstacles(planned: Planned): Promise<readonly Obstacle[]>;
}

export type Replaced = 'written' | 'unchanged' | Deferred;

/** What waits for the next run because the store accepts no more for now. Readers see the release as it was. */
export interface Deferred {
  /** How many are not written yet. */
  readonly files: number;
  /** Milliseconds since 1970, when known. */
  readonly until: number | undefined;
}

export interface Release {
  readonly tag: string;
  /** When readers first saw it, milliseconds since 1970; absent where the store does not know. */
  readonly publishedAt?: number | undefined;
  readonly assets: readonly Asset[];
}

export interface Asset {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex; `undefined` where the store does not know (old GitHub assets). */
  readonly sha256: string | undefined;
}

export interface NewRelease {
  readonly tag: string;
  readonly title: string;
  /** Markdown. */
  readonly notes: string;
  /** Tags of the indexes that are to name it; where they could never be changed, nothing is published. */
  readonly indexes?: readonly string[];
  /** Files on this machine, by asset name. */
  readonly files: readonly { readonly name: string; readonly path: string }[];
}

export interface MetadataRelease {
  /** As it is when absent, as are the notes. */
  readonly title?: string;
  readonly notes?: string;
  /** The one release shown as the newest of the whole store. */
  readonly newest: boolean;
  readonly assets: readonly MetadataAsset[];
}

/** Text or bytes made here, or an asset of another release of the same store. */
export type MetadataAsset =
  | { readonly name: string; readonly text: string | Uint8Array }
  | { readonly name: string; readonly from: { readonly tag: string; readonly asset: Asset } };
