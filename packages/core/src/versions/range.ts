import { z } from 'zod';
import { bareVersion } from '../names/bare.ts';
import { compareVersions } from '../systemd/compare.ts';
import type { Order } from '../systemd/compare.ts';

const comparator = /^(<=|>=|<|>|=)?\s*(v?\d[A-Za-z0-9._+-]*)$/;

/** Comparators joined by spaces, all of which must hold: `>=1.26 <2`. A leading `v` does not matter. */
export const VersionRange = z
  .string()
  .refine((text) => text.trim() !== '' && split(text).every((part) => comparator.test(part)), {
    error: 'expected comparators like "<1.26" or ">=1.26 <2"',
  });
export type VersionRange = z.infer<typeof VersionRange>;

/** Whether `version` lies in `range`, in systemd’s order: `1.7.29` is newer than `1.7`, so not in `<=1.7`. */
export function inRange(version: string, range: VersionRange): boolean {
  return split(range).every((part) => {
    const [, operator = '=', limit = ''] = comparator.exec(part) ?? [];
    const order = compareVersions(bareVersion(version), bareVersion(limit));
    return allowed[operator]?.includes(order) ?? false;
  });
}

const allowed: Readonly<Record<string, readonly Order[]>> = {
  '<': [-1],
  '<=': [-1, 0],
  '=': [0],
  '>=': [0, 1],
  '>': [1],
};

function split(range: string): string[] {
  return range.trim().split(/(?<![<>=])\s+/);
}
