import { globalTag } from '../../names/manifest-name.ts';
import type { AttestMode } from '../../provenance/attestable.ts';
import type { Recipe } from '../../recipe/schema.ts';
import type { FeedSigner } from '../../signing/feed-signer.ts';
import type { SidecarMaker } from '../../signing/sidecar-maker.ts';
import type { Store } from '../../store/store.ts';
import { streamsOf } from '../../sysupdate/streams.ts';
import { sidecarTransferFiles, transferFiles, type TextFile } from '../../sysupdate/transfer.ts';
import type { Adapter } from './adapter-files.ts';

/** Where hosts will find what is published: the hub, or without one the store itself. */
export interface Target {
  readonly store: Store;
  /** URL prefix, when not the store’s own. */
  readonly hub: string | undefined;
  /** What signs the feed; `undefined` when it is not signed. UserError when it should be and cannot. */
  readonly signer?: () => Promise<FeedSigner | undefined>;
  /** Whether a version may be published without an attestation. */
  readonly attest?: AttestMode;
  /** What makes files for dm-verity beside images; absent where nobody wants them. UserError where it cannot. */
  readonly verity?: (() => Promise<SidecarMaker>) | undefined;
  /** Whom files are published for besides. */
  readonly adapters?: readonly Adapter[];
}

/** Where hosts find the files of a release or an index; ends in `/`. */
export function folderUrl(tag: string, { store, hub }: Pick<Target, 'store' | 'hub'>): string {
  if (hub === undefined) return store.indexUrl(tag);
  return `${hub.replace(/\/+$/, '')}/${tag === globalTag ? '' : `${tag}/`}`;
}

/**
 * The sysupdate files of an extension that has `versions`: its own and one per stream. Hosts check what is signed. Those
 * for what lies beside images only of versions `withSidecars`: nobody finds anything by the others.
 */
export function transferFilesOf(
  { name, streams = [] }: Pick<Recipe, 'name' | 'streams'>,
  versions: readonly string[],
  { store, hub }: Pick<Target, 'store' | 'hub'>,
  isSigned: boolean,
  withSidecars: readonly string[] = [],
): readonly TextFile[] {
  const transfer = {
    name,
    url: folderUrl(name, { store, hub }),
    verify: isSigned,
    notes: store.notesUrl(`${name}-`),
  };
  const images = transferFiles(transfer, streamsOf(versions, streams));
  if (withSidecars.length === 0) return images;
  return [...images, ...sidecarTransferFiles(transfer, streamsOf(withSidecars, streams))];
}
