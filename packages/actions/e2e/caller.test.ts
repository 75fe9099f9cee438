import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { fork, repository, withoutQueue, type Fork } from './fork.ts';

let world: ExampleBakery;
/** A published tag of this bakery … */
let bakery: Fork;
/** … and somebody else’s repository, which has nothing of it but a workflow and a recipe. */
let caller: Fork;

beforeAll(async () => {
  world = await exampleBakery();
  await world.putOut('alpha', '1.0.0');
  const { BAKERY_MIRRORS = '', BAKERY_CACHE = '', HOME = '' } = world.env;
  const env = { BAKERY_MIRRORS, BAKERY_CACHE, HOME };
  bakery = await fork({ env, bundled: true, calledAs: ['baker/bakery', 'v1'] });
  caller = await fork({ env, bundled: false, isCaller: true });
  await caller.commit('tools/mine/recipe.yaml', recipe);
  await caller.commit('.github/workflows/mine.yaml', workflow);
});

afterAll(async () => {
  await caller[Symbol.asyncDispose]();
  await bakery[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

it('builds and publishes a recipe of its own in a repository that only uses the actions', async () => {
  const run = await caller.run('mine.yaml', { actions: { 'baker/bakery@v1': bakery.folder } });
  expect(run.log).toContain('image images/mine-1.0.0-arm64.raw of mine 1.0.0 has');
  expect(run).toMatchObject({ ok: true, jobs: { Build: 'success', Umbrella: 'success' } });
  const tags = caller.github.releases(repository).map(({ tag }) => tag);
  expect(tags.toSorted()).toEqual(['SHA256SUMS', 'mine', 'mine-1.0.0']);
});

it('bakes with the workflow that docs/self-hosting.md shows, and nothing else', async () => {
  const docs = await readFile(join(import.meta.dirname, '../../../docs/self-hosting.md'), 'utf8');
  const [, shown = ''] = /```yaml\n(name: Release[^]*?)```/.exec(docs) ?? [];
  const yaml = withoutQueue(shown).replaceAll('OWNER/REPO', 'baker/bakery');
  await caller.commit('.github/workflows/release.yaml', yaml);
  await caller.commit('recipes/mine/recipe.yaml', recipe);
  await caller.commit('release_build_versions.txt', 'mine latest\n');
  await world.putOut('alpha', '2.0.0');
  const run = await caller.run('release.yaml', { actions: { 'baker/bakery@v1': bakery.folder } });
  expect({ ok: run.ok, why: run.ok ? '' : run.log }).toEqual({ ok: true, why: '' });
  expect(caller.github.releases(repository).map(({ tag }) => tag)).toContain('mine-2.0.0');
});

// Its upstream is that of alpha.
const recipe = `recipe: 1
name: mine
summary: A tool of my own
homepage: https://alpha.example/
license: MIT
versions: { from: http, url: 'https://alpha.example/{arch}.html', regex: '<li>([^<]+)</li>' }
arch: { x86-64: amd64, arm64: aarch64 }
artifacts:
  - url: https://alpha.example/{version}/alpha-{arch}.tar.gz
    integrity: { from: '{url}.sha256' }
    unpack: { into: /usr }
smoke:
  - run: alpha
    prints: '{version}'
`;

const workflow = `on: workflow_dispatch
permissions: {}
jobs:
  build:
    name: Build
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v7
      - uses: baker/bakery/actions/build-sysext@v1
        id: build
        with: { recipe: ./tools/mine, arch: arm64, format: erofs }
      - run: echo "image $IMAGE of $WHAT has $SIZE bytes"; test "$(stat -c %s "$IMAGE")" = "$SIZE"
        env:
          IMAGE: \${{ steps.build.outputs.path }}
          WHAT: \${{ steps.build.outputs.name }} \${{ steps.build.outputs.version }}
          SIZE: \${{ steps.build.outputs.size }}
  umbrella:
    name: Umbrella
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v7
      - uses: baker/bakery@v1
        with: { recipe: tools/mine/recipe.yaml, publish: true }
`;
