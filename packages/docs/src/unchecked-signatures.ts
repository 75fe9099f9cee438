import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** What upstream signs and nobody checks, by the start of a download’s address. */
export type UncheckedSignatures = Readonly<Record<string, string>>;

export async function readUncheckedSignatures(root: string): Promise<UncheckedSignatures> {
  const file = join(root, 'packages/docs/data/unchecked-signatures.yaml');
  return z.record(z.string(), z.string()).parse(parse(await readFile(file, 'utf8')));
}

/** What is said of an address, if anything. */
export function uncheckedOf(url: string, unchecked: UncheckedSignatures): string | undefined {
  return Object.entries(unchecked).find(([start]) => url.startsWith(start))?.[1];
}
