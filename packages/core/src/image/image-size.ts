import { z } from 'zod';

const units: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };
const smallest = 2 ** 20; // bytes; below it mke2fs has no room for its own tables

/** A size as `512M` or `2G`, in powers of 1024; parses to bytes. */
export const ImageSize = z
  .string()
  .regex(/^[1-9]\d*[KMGT]?$/, { error: 'expected a size like 512M or 2G' })
  .transform(bytesOf)
  .refine((bytes) => bytes >= smallest, { error: 'expected at least 1M' });

/** Size of what is compressed at once, as `128K` or `1M`; parses to bytes. */
export const BlockSize = z
  .string()
  .regex(/^[1-9]\d{0,3}[KM]$/, { error: 'expected a size like 128K or 1M' })
  .transform(bytesOf);

export const defaultImageSize = '1G';

/** Bytes of a size with a unit, in powers of 1024. */
export function bytesOf(text: string): number {
  const unit = /[KMGT]$/.exec(text)?.[0] ?? '';
  return Number.parseInt(text, 10) * (units[unit] ?? 1);
}

/** Bytes for people, rounded up: `1.5G`, `700M`. */
export function showSize(bytes: number): string {
  const unit = ['T', 'G', 'M', 'K'].find((name) => bytes >= (units[name] ?? 1));
  if (unit === undefined) return String(bytes);
  return `${Math.ceil((bytes / (units[unit] ?? 1)) * 10) / 10}${unit}`;
}
