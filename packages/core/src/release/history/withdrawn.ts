import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { hashOf } from '../../fetch/hashing.ts';
import { jsonOrNothing } from '../../language/foreign-data.ts';
import { parseImageName } from '../../names/file-names.ts';
import { globalTag, manifestName } from '../../names/manifest-name.ts';
import type { Store } from '../../store/store.ts';
import { type ManifestEntry, namesIn } from '../../sysupdate/manifest.ts';
import type { TextFile } from '../../sysupdate/transfer.ts';
import { readMemory } from './read-memory.ts';

const Withdrawal = z.strictObject({
  why: z.string(),
  /** Nobody asked for it: the release was there and is gone. */
  deleted: z.literal(true).optional(),
});
export type Withdrawal = z.infer<typeof Withdrawal>;

const Document = z.strictObject({ withdrawn: z.literal(1), versions: z.record(z.string(), Withdrawal) });

/** Versions of one extension that no index lists and no run builds. */
export type Withdrawals = ReadonlyMap<string, Withdrawal>;

export const deletedByHand: Withdrawal = { why: 'its release was deleted by hand', deleted: true };

/** `NAME.withdrawn.json`, beside the index; named like this as a directory store keeps all indexes in one folder. */
function withdrawnName(name: string): string {
  return `${name}.withdrawn.json`;
}

/** What is remembered beside the index of an extension. UserError when it is there and cannot be read. */
export async function readWithdrawals(name: string, store: Store): Promise<Withdrawals> {
  const file = withdrawnName(name);
  const text = await readMemory(name, file, store);
  if (text === undefined) return new Map();
  const parsed = Document.safeParse(jsonOrNothing(text));
  if (parsed.success) return new Map(Object.entries(parsed.data.versions));
  throw new UserError('store.damaged', `${store.name}: ${name}/${file}: ${z.prettifyError(parsed.error)}`, {
    hint: 'it says which versions are withdrawn: restore it, or remove it to have all of them listed again',
  });
}

/**
 * What was `remembered`, with what happened since: a version that the index of everything lists and whose release is gone
 * was deleted by hand. One of those whose release is there again is withdrawn no more.
 */
export function currentWithdrawals(
  name: string,
  remembered: Withdrawals,
  published: readonly string[],
  listed: ReadonlySet<string>,
): Withdrawals {
  const kept = [...remembered].filter(
    ([version, { deleted }]) => deleted !== true || !published.includes(version),
  );
  const versions = [...listed].flatMap((file) => parseImageName(file, name)?.version ?? []);
  const gone = versions.filter((version) => !published.includes(version));
  return new Map([...gone.map((version) => [version, deletedByHand] as const), ...kept]);
}

/** Names in the index of everything: one file, whatever the number of extensions. */
export async function listedEverywhere(store: Store): Promise<ReadonlySet<string>> {
  return namesIn((await store.read(globalTag, manifestName)) ?? '');
}

export function withdrawnFile(name: string, withdrawals: Withdrawals): TextFile {
  const versions = Object.fromEntries([...withdrawals].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return {
    name: withdrawnName(name),
    text: `${JSON.stringify({ withdrawn: 1, versions }, undefined, 2)}\n`,
  };
}

/** For an index without images: systemd-sysupdate fails on an empty manifest, and is content with a name it has no use for. */
export function manifestOfNothing({ name, text }: TextFile): ManifestEntry {
  return { name, sha256: hashOf(text) };
}
