import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { fork, repository } from './fork.ts';

it('bakes nodejs, bun and deno for both arches in an empty fork that has nothing but the sources', async () => {
  // The cache of this machine, so that only the first run downloads.
  const { BAKERY_CACHE = join(homedir(), '.cache/bakery'), HOME = homedir() } = process.env;
  await using bakery = await fork({ env: { BAKERY_CACHE, HOME }, bundled: false });
  await bakery.commit('bakery.yaml', 'rebuild: off\n');
  await bakery.commit('release_build_versions.txt', 'nodejs 24.20.0\nbun latest\ndeno latest\n');
  const release = '.github/workflows/release.yaml';
  const yaml = await readFile(join(bakery.folder, release), 'utf8');
  // Packing well takes minutes, and is proved elsewhere.
  await bakery.commit(
    release,
    yaml.replace('    with:\n', "    with:\n      compression: gzip\n      level: '1'\n"),
  );
  const run = await bakery.run('release.yaml');
  expect({ ok: run.ok, why: run.ok ? '' : run.log }).toEqual({ ok: true, why: '' });
  expect(Object.keys(run.jobs).filter((name) => name.startsWith('Build'))).toHaveLength(6);
  const releases = bakery.github.releases(repository).map(({ tag, draft, assets }) => ({
    tag: tag.replace(/-(?!24)[\d.]+$/, '-latest'),
    draft,
    images: assets.filter(({ name }) => name.endsWith('.raw')).length,
  }));
  expect(
    releases.filter(({ tag }) => tag.includes('-')).toSorted((a, b) => (a.tag < b.tag ? -1 : 1)),
  ).toEqual([
    { tag: 'bun-latest', draft: false, images: 2 },
    { tag: 'deno-latest', draft: false, images: 2 },
    { tag: 'nodejs-24.20.0', draft: false, images: 2 },
  ]);
});
