import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { jsonOrNothing } from '../../language/foreign-data.ts';
import type { Store } from '../../store/store.ts';
import type { TextFile } from '../../sysupdate/transfer.ts';
import { readMemory } from './read-memory.ts';

const Retirement = z.object({
  /** When its index named it no more; ISO 8601. */
  since: z.iso.datetime(),
  why: z.string(),
});
export type Retirement = z.infer<typeof Retirement>;

/** It only grows. */
const Document = z.object({ retired: z.literal(1), versions: z.record(z.string(), Retirement) });

/** Versions of one extension that the bakery’s retention took out of its index; the releases of some are gone. */
export type Retirements = ReadonlyMap<string, Retirement>;

/** `NAME.retired.json`, beside the index; named like this as a directory store keeps all indexes in one folder. */
export function retiredName(name: string): string {
  return `${name}.retired.json`;
}

/** What is remembered beside the index of an extension. UserError when it is there and cannot be read. */
export async function readRetired(name: string, store: Store): Promise<Retirements> {
  const file = retiredName(name);
  const text = await readMemory(name, file, store);
  if (text === undefined) return new Map();
  const parsed = Document.safeParse(jsonOrNothing(text));
  if (parsed.success) return new Map(Object.entries(parsed.data.versions));
  throw new UserError(
    'store.damaged',
    `${store.name}: ${name}/${file}: expected the versions that are retired, got something else`,
    { hint: 'restore it, or remove it to have those listed again that are still there' },
  );
}

export function retiredFile(name: string, retired: Retirements): TextFile {
  const versions = Object.fromEntries([...retired].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { name: retiredName(name), text: `${JSON.stringify({ retired: 1, versions }, undefined, 2)}\n` };
}
