import { z } from 'zod';

const units: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };
const smallest = 2 ** 20; // bytes; below it mke2fs has no room for its own tables

/** A size as `512M` or `2G`, in powers of 1024; parses to bytes. */
export const ImageSize = z
  .string()
  .regex(/^[1-9]\d*[KMGT]?$/, { error: 'expected a size like 512M or 2G' })
  .transform((text) => {
    const unit = /[KMGT]$/.exec(text)?.[0] ?? '';
    return Number.parseInt(text, 10) * (units[unit] ?? 1);
  })
  .refine((bytes) => bytes >= smallest, { error: 'expected at least 1M' });

export const defaultImageSize = '1G';

/** Bytes for people, rounded up: `1.5G`, `700M`. */
export function showSize(bytes: number): string {
  const unit = ['T', 'G', 'M', 'K'].find((name) => bytes >= (units[name] ?? 1));
  if (unit === undefined) return String(bytes);
  return `${Math.ceil((bytes / (units[unit] ?? 1)) * 10) / 10}${unit}`;
}
