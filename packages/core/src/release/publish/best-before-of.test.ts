import { expect, it } from '@jest/globals';
import { formatManifest } from '../../sysupdate/manifest.ts';
import { bestBeforeOf } from './best-before-of.ts';

const day = 86_400_000;
const start = Date.parse('2026-03-01T23:59:59Z');
const entries = ['a-1-x86-64.raw', 'a-1-arm64.raw'].map((name) => ({ name, sha256: '0'.repeat(64) }));

it('names a day that many days ahead', () => {
  expect(dayOf(undefined, 0)).toBe('2026-03-31');
  expect(dayOf(formatManifest(entries), 0)).toBe('2026-03-31');
});

it('stays for a week and is renewed with a week to spare, if it is 14 days', () => {
  const published = formatManifest(entries, dayOf(undefined, 0, 14));
  const days = [0, 1, 6, 7, 40].map((after) => dayOf(published, after, 14));
  expect(days).toEqual(['2026-03-15', '2026-03-15', '2026-03-15', '2026-03-22', '2026-04-24']);
});

it('is renewed with whatever else changes', () => {
  const published = formatManifest(entries.slice(1), '2026-03-31');
  expect(dayOf(published, 1)).toBe('2026-04-01');
});

it('is renewed where it is further ahead than is wanted now', () => {
  expect(dayOf(formatManifest(entries, '2030-01-01'), 0)).toBe('2026-03-31');
});

function dayOf(published: string | undefined, after: number, days = 30): string {
  return bestBeforeOf(entries, published, { days, now: () => start + after * day });
}
