import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { cpuTimeOf } from '../cpu-time.ts';
import { seedBakery } from './bakery-seed.ts';
import { startFakeGithub } from './fake-github.ts';

const now = Date.parse('2026-11-01T12:00:00Z');
const repo = 'baker/bakery';

it('makes the 580 real releases with images whose digests are in the manifests', async () => {
  await using fake = await startFakeGithub({ clock: () => now });
  await seedBakery(fake, { repo, upstreams: ['k3s-io/k3s'] }, now);
  const releases = fake.releases(repo);
  expect(releases).toHaveLength(580);
  const k3s = releases.filter(({ tag }) => tag.startsWith('k3s-'));
  const manifest = (await fake.read(repo, 'k3s', 'SHA256SUMS')).toString();
  expect(manifest.split('\n')).toHaveLength(2 * k3s.length + 1);
  const tag = k3s[0]?.tag ?? '';
  const image = await fake.read(repo, tag, `${tag}-arm64.raw`);
  const digest = createHash('sha256').update(image).digest('hex');
  expect(manifest).toContain(`${digest}  ${tag}-arm64.raw\n`);
  const all = (await fake.read(repo, 'SHA256SUMS', 'SHA256SUMS')).toString();
  expect(all).toContain(manifest.split('\n')[0]);
  const latest = await fetch(`${fake.serverUrl}/${repo}/releases/latest/download/SHA256SUMS`);
  expect(await latest.text()).toBe(all);
  expect(fake.releases('k3s-io/k3s')).toHaveLength(150);
  expect(fake.releases('k3s-io/k3s').at(-1)?.tag).toBe('v1.15.0');
});

it('starts in under two seconds of computing at ten times the size with 35 upstream projects', async () => {
  await using fake = await startFakeGithub({ clock: () => now });
  const upstreams = Array.from({ length: 35 }, (_, number) => `upstream/project-${number}`);
  const took = await cpuTimeOf(() => seedBakery(fake, { repo, factor: 10, upstreams }, now));
  expect(took).toBeLessThan(2000);
  const tags = fake.releases(repo).map((release) => release.tag);
  expect(tags.length).toBeGreaterThan(5000);
  expect(new Set(tags).size).toBe(tags.length);
});
