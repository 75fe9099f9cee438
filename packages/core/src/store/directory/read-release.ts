import { join } from 'node:path';
import { UserError } from '../../diagnostics/user-error.ts';
import { manifestName } from '../../names/manifest-name.ts';
import type { Asset, Release } from '../store.ts';
import { folderOf } from './layout.ts';
import type { Seen } from './look.ts';
import { faultOf, proofOf } from './proof.ts';
import { type TagRecord, readRecord, recordOf } from './record.ts';
import type { StoreFolder } from './store-folder.ts';

/** A release, and what its record would be if it were written now. */
export interface ReadRelease {
  readonly release: Release;
  readonly record: TagRecord;
}

/**
 * The files of a release that are the store's. What was published must be as it was: a file that changed is read
 * again, and one that is missing or another is an error, so that no index names it or forgets it in silence.
 */
export async function readRelease(store: StoreFolder, tag: string): Promise<ReadRelease | undefined> {
  const known = await readRecord(store.root, tag);
  if (known !== undefined) return readRecorded(store, tag, known);
  const proof = await proofOf(store, tag);
  if (proof === undefined) return undefined;
  const { record, faults } = proof;
  if (record.kind === 'release' && faults.length > 0) throw damaged(tag, faults);
  return { release: releaseOf(tag, record), record };
}

async function readRecorded(
  store: StoreFolder,
  tag: string,
  known: TagRecord,
): Promise<ReadRelease | undefined> {
  const folder = folderOf(store.root, tag);
  const files = new Map<string, Seen>();
  const faults: string[] = [];
  await Promise.all(
    Object.entries(known.files).map(async ([name, { sha256, seen }]) => {
      const path = join(folder, name);
      const found = await store.look(path, seen);
      const isOurs = typeof found === 'object' && sha256.includes(found.sha256);
      if (!isOurs && known.kind === 'release') faults.push(faultOf(path, sha256.join(' or '), found));
      else if (typeof found === 'object') files.set(name, found);
    }),
  );
  const isGone = files.size === 0 && (await store.look(folder)) === 'nothing';
  if (isGone) return undefined;
  if (faults.length > 0) throw damaged(tag, faults);
  const record = known.kind === 'release' ? recordOf('release', files) : known;
  return { release: releaseOf(tag, recordOf(known.kind, files)), record };
}

function releaseOf(tag: string, { files }: TagRecord): Release {
  const assets = Object.entries(files).flatMap(([name, { seen }]): Asset[] =>
    seen === undefined ? [] : [{ name, size: seen.size, sha256: seen.sha256 }],
  );
  const published = files[manifestName]?.seen?.mtime;
  return {
    tag,
    ...(published === undefined ? {} : { publishedAt: Number(BigInt(published) / 1_000_000n) }),
    assets,
  };
}

function damaged(tag: string, faults: readonly string[]): UserError {
  return new UserError(
    'store.damaged',
    `release ${tag} is not as it was published\n  ${faults.toSorted().join('\n  ')}`,
    {
      hint: 'restore the files, or remove the folder of the release and release it again',
    },
  );
}
