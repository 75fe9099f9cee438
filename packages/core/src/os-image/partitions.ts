import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { jsonOrNothing } from '../language/foreign-data.ts';
import type { Exec } from '../ports/exec.ts';

/** A part of a disk image; offset and size in bytes. */
export interface Partition {
  /** Its GPT name. */
  readonly name: string;
  /** GPT type, upper case. */
  readonly type: string;
  readonly offset: number;
  readonly size: number;
}

/** Where extensions go on a disk: the partition of `/`, or the one Flatcar mounts at `/oem`. */
export type Role = 'root' | 'oem';

const Table = z.object({
  partitiontable: z.object({
    sectorsize: z.int().positive(),
    partitions: z.array(
      z.object({
        start: z.int().positive(),
        size: z.int().positive(),
        type: z.string(),
        name: z.string().default(''),
      }),
    ),
  }),
});

/** Names that Flatcar gives them; types of the Discoverable Partitions Specification for `/` of other systems. */
const names: Readonly<Record<Role, string>> = { root: 'ROOT', oem: 'OEM' };
const rootTypes: ReadonlySet<string> = new Set([
  '4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709', // x86-64
  'B921B045-1DF0-41C3-AF44-4C6F280D3FAE', // arm64
]);

/** The partitions of a raw disk image. */
export async function partitionsOf(
  image: string,
  shown: string,
  { exec }: { readonly exec: Exec },
): Promise<Partition[]> {
  const { code, stdout } = await exec.run('sfdisk', ['--json', '--', image]);
  const table = code === 0 ? Table.safeParse(jsonOrNothing(stdout)).data?.partitiontable : undefined;
  if (table === undefined) {
    throw new UserError(
      'os-image.table',
      `${shown}: expected a disk with a partition table, got something else`,
      {
        hint: 'unpack it first when it is compressed',
      },
    );
  }
  const { sectorsize, partitions } = table;
  return partitions.map(({ start, size, type, name }) => ({
    name,
    type: type.toUpperCase(),
    offset: start * sectorsize,
    size: size * sectorsize,
  }));
}

export function findPartition(partitions: readonly Partition[], role: Role, shown: string): Partition {
  const named = partitions.filter(({ name }) => name === names[role]);
  const typed = role === 'root' ? partitions.filter(({ type }) => rootTypes.has(type)) : [];
  const [found, another] = named.length > 0 ? named : typed;
  if (found !== undefined && another === undefined) return found;
  const got = partitions.map(({ name, type }) => (name === '' ? type : name)).join(', ') || 'none';
  const wanted = role === 'root' ? `${names.root}, or one of the type for /` : names.oem;
  throw new UserError('os-image.partition', `${shown}: expected one partition called ${wanted}, got ${got}`);
}
