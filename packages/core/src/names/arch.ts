import { z } from 'zod';
import type { ArchRecord } from './arches/arch-record.ts';
import { arm64 } from './arches/arm64.ts';
import { riscv64 } from './arches/riscv64.ts';
import { x8664 } from './arches/x86-64.ts';

/** A new architecture is one file in arches/ and one line in this list. */
const all = [x8664, arm64, riscv64] as const;

/** CPU architectures by the names systemd uses in `%a` and `ARCHITECTURE=`. */
export const Arch = z.enum(all.map(({ name }) => name));
export type Arch = z.infer<typeof Arch>;

export const allArches: readonly Arch[] = Arch.options;

export const defaultArch: Arch = x8664.name;

const records: readonly ArchRecord<Arch>[] = all;

/** What others call it. */
export function archNames(arch: Arch): ArchRecord<Arch> {
  const found = records.find(({ name }) => name === arch);
  if (found === undefined) throw new Error('no such architecture');
  return found;
}

/** What anybody calls any of them: systemd, GNU, Go or Debian. */
export const archWords: readonly string[] = [
  ...new Set(records.flatMap(({ name, gnu, go, debian }) => [name, gnu, go, debian])),
];

/** The architecture that anybody calls `text`. */
export function findArch(text: string): Arch | undefined {
  return records.find(({ name, go, gnu, debian }) => [name, go, gnu, debian].includes(text))?.name;
}

/** The architecture of a GitHub runner, by its `RUNNER_ARCH`. */
export function runnerArch(text: string | undefined): Arch {
  return records.find((record) => record.runnerArch === text)?.name ?? defaultArch;
}

/** A mapping with a value for some architectures. */
export function perArch<Value>(value: z.ZodType<Value>): z.ZodType<Partial<Record<Arch, Value | undefined>>> {
  const shape = Object.fromEntries(allArches.map((arch) => [arch, value.optional()]));
  return z.strictObject(shape);
}

/** A value for every architecture. */
export function forEachArch<Value>(valueOf: (record: ArchRecord<Arch>) => Value): Record<Arch, Value> {
  const entries = records.map((record) => [record.name, valueOf(record)]);
  return Object.fromEntries(entries);
}
