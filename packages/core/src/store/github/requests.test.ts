import { describe, expect, it } from '@jest/globals';
import { seedBakery } from '@bakery/testbed/fake-github/bakery-seed.ts';
import { startFakeGithub, type FakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { unlimited } from '../../../testing/fake-store.ts';
import { storeAt } from '../../../testing/hurried-store.ts';
import { text } from '../../../testing/sample-releases.ts';
import type { Replaced, Store } from '../store.ts';

const apis = ['api', 'graphql'] as const;

async function open(factor: number): Promise<FakeGithub> {
  const fake = await startFakeGithub({ limits: unlimited });
  await seedBakery(fake, { repo: 'octo/bakery', factor }, Date.now());
  return fake;
}

/** GraphQL and REST reads; downloads cost nothing and GET /rate_limit is free. */
function apiReads(fake: FakeGithub): number {
  const counts = [...fake.reads(apis)].filter(([route]) => route !== 'GET /rate_limit');
  return counts.reduce((total, [, count]) => total + count, 0);
}

/** Regenerates an index as it was seeded, or with other `notes`. */
async function update(store: Store, extension: string, notes = ''): Promise<Replaced> {
  return store.replace(extension, async () => {
    const tags = [...(await store.publishedTags(`${extension}-`))];
    const releases = await store.releases(tags);
    const images = releases.flatMap(({ assets }) => assets.filter(({ name }) => name.endsWith('.raw')));
    expect(images.every(({ sha256 }) => sha256 !== undefined)).toBe(true);
    const sums = (await store.read(extension, 'SHA256SUMS')) ?? '';
    const assets = [text('SHA256SUMS', sums), text(`${extension}.conf`, `# transfer of ${extension}\n`)];
    return { title: extension, notes, newest: false, assets };
  });
}

// Budgets of docs/architecture.md, on the 580 tags of the reference bakery and on four times as many.
describe.each([
  { factor: 1, check: 3, one: 6, everything: 10 },
  { factor: 4, check: 9, one: 10, everything: 34 },
])('requests to a bakery of $factor times 580 releases', ({ factor, check, one, everything }) => {
  it('stay within the budget', async () => {
    await using fake = await open(factor);
    const store = () => storeAt(fake, 'test-token', 'bakery');
    const all = await store().publishedTags();
    expect(all.size).toBeGreaterThan(500 * factor);
    expect(apiReads(fake)).toBeLessThanOrEqual(check);

    fake.clearLog();
    expect(await update(store(), 'kubernetes')).toBe('unchanged');
    expect(apiReads(fake)).toBeLessThanOrEqual(one);

    fake.clearLog();
    expect(await update(store(), 'kubernetes', 'new')).toBe('written');
    expect(apiReads(fake)).toBeLessThanOrEqual(one);
    expect(await update(store(), 'kubernetes')).toBe('written');

    const extensions = [...all].filter((tag) => [...all].some((other) => other.startsWith(`${tag}-`)));
    fake.clearLog();
    const reader = store();
    const results = await Promise.all(extensions.map((extension) => update(reader, extension)));
    expect(new Set(results)).toEqual(new Set(['unchanged']));
    expect(apiReads(fake)).toBeLessThanOrEqual(everything);
    expect(fake.writes(['api', 'uploads'])).toEqual(new Map());
    expect(fake.violations()).toEqual([]);
  });
});
