import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { formatCatalogue } from '@bakery/core/src/catalogue/catalogue.ts';
import { serveFolder } from '@bakery/core/src/serve/serve-folder.ts';
import { sampleCatalogue } from '@bakery/core/testing/sample-catalogue.ts';
import { runBakery, type Ended } from './run-bakery.ts';

let stack: AsyncDisposableStack;
let folder: string;
let url: string;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  ({ path: folder } = stack.use(await mkdtempDisposable(join(tmpdir(), 'catalogue-'))));
  await writeFile(join(folder, 'catalogue.json'), formatCatalogue(sampleCatalogue));
  ({ url } = stack.use(await serveFolder(folder)));
});
afterAll(() => stack.disposeAsync());

function bakery(...args: readonly string[]): Promise<Ended> {
  return runBakery({ folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder } }, args);
}

it('info shows what is published of an extension', async () => {
  const { code, stdout } = await bakery('info', 'k3s', '--store', `dir:${folder}`);
  expect(code).toBe(0);
  for (const line of [
    /^k3s: Lightweight Kubernetes$/m,
    /^units +k3s\.service \(one of several to enable\)/m,
    /^not with +rke2 \(both own kubelet\)$/m,
    /^v1\.33 +v1\.33\.6\+k3s1 +2026-06-28 +https:.*k3s-v1\.33\.transfer$/m,
    /^v1\.34\.2\+k3s1-r1 +2026-03-01 +ok +64\.0 +190\.0 +x86-64 arm64 +x86-64 same, arm64 explained 2026-03-02$/m,
    /^v1\.34\.2\+k3s1 +2026-02-01 +yanked: k3s-killall\.sh was not executable /m,
    /^v1\.32\.9\+k3s1 +retired 2026-02-15: of each stream only the newest 2 are kept$/m,
  ])
    expect(stdout).toMatch(line);
});

describe('the catalogue is found', () => {
  it.each([
    ['by its own URL', () => ['--catalogue', `${url}catalogue.json`]],
    ['by the address of a bakery', () => ['--catalogue', url]],
    ['at the hub', () => ['--hub', url]],
  ])('%s', async (_, where) => {
    const { stdout } = await bakery('list', '--published', '--json', ...where());
    expect(JSON.parse(stdout)).toEqual([
      {
        name: 'k3s',
        summary: 'Lightweight Kubernetes',
        license: 'Apache-2.0',
        arches: ['x86-64', 'arm64'],
        newest: 'v1.34.2+k3s1-r1',
        date: '2026-03-01T04:05:06Z',
        versions: 4,
      },
    ]);
  });
});

it('search finds by name, summary, licence and units, and fails where there is nothing', async () => {
  const found = await bakery('search', 'KUBERNETES', '--hub', url);
  expect(found).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^k3s +v1\.34\.2\+k3s1-r1 +2026-03-01/m),
  });
  const none = await bakery('search', 'nothing-like-it', '--hub', url);
  expect(none).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('"nothing-like-it"') });
});

describe('an extension whose script fetches what nobody checks', () => {
  it('is said to be unproved wherever it is shown', async () => {
    const [k3s] = sampleCatalogue.extensions;
    if (k3s === undefined) throw new Error('expected an extension');
    const unproved = ['create.sh'];
    const marked = { ...sampleCatalogue, extensions: [{ ...k3s, unproved }] };
    await writeFile(join(folder, 'unproved.json'), formatCatalogue(marked));
    const said = (...args: string[]): Promise<Ended> => bakery(...args, '--catalogue', `${url}unproved.json`);
    expect((await said('info', 'k3s')).stdout).toMatch(/^unproved +what create\.sh fetches$/m);
    expect(JSON.parse((await said('info', 'k3s', '--json')).stdout)).toMatchObject({ unproved });
    for (const args of [
      ['list', '--published'],
      ['search', 'k3s'],
    ]) {
      expect((await said(...args)).stdout).toMatch(/^k3s .*Lightweight Kubernetes \(unproved\)$/m);
      expect(JSON.parse((await said(...args, '--json')).stdout)).toMatchObject([{ name: 'k3s', unproved }]);
    }
    const proved = await bakery('info', 'k3s', '--hub', url);
    expect(proved.stdout).not.toContain('unproved');
  });

  it('is in the list of recipes, too', async () => {
    for (const [name, network] of [
      ['open', true],
      ['closed', false],
    ] as const) {
      await mkdir(join(folder, 'recipes', name), { recursive: true });
      await writeFile(join(folder, 'recipes', name, 'create.sh'), 'populate_sysext_root() { :; }\n');
      await writeFile(
        join(folder, 'recipes', name, 'recipe.yaml'),
        `recipe: 1
name: ${name}
summary: Something
homepage: https://example.org/
license: MIT
versions: { from: pinned, versions: ['1.0'] }
arch: { x86-64: amd64 }
build: [{ script: { image: 'docker.io/library/debian@sha256:${'a'.repeat(64)}', network: ${network} } }]
`,
      );
    }
    const args = ['list', '--recipes', join(folder, 'recipes')];
    const { stdout } = await bakery(...args);
    expect(stdout).toMatch(/^open .* Something \(unproved\)$/m);
    expect(stdout).toMatch(/^closed .* Something$/m);
    const told = z
      .array(z.looseObject({ name: z.string() }))
      .parse(JSON.parse((await bakery(...args, '--json')).stdout));
    // The recipes of this repository are there as well, and all of them are proved.
    const marked = told.filter((recipe) => 'unproved' in recipe);
    expect(marked).toEqual([expect.objectContaining({ name: 'open', unproved: ['create.sh'] })]);
    expect(told.map(({ name }) => name)).toContain('closed');
  });
});

it('a version of a stranger’s catalogue makes no line of its own', async () => {
  const forged = formatCatalogue(sampleCatalogue).replaceAll('v1.33.6+k3s1', 'v1.33\\nv9.9\\u001b[2J');
  await writeFile(join(folder, 'forged.json'), forged);
  const { stdout } = await bakery(
    'list',
    'k3s',
    '--published',
    '--plain',
    '--catalogue',
    `${url}forged.json`,
  );
  expect(stdout).toBe('v1.34.2+k3s1-r1\nv1.34.2+k3s1\nv1.33 v9.9\\u{1b}[2J\nv1.32.9+k3s1\n');
});

it.each([
  [
    ['list', 'k3s', '--published', '--plain'],
    0,
    'v1.34.2+k3s1-r1\nv1.34.2+k3s1\nv1.33.6+k3s1\nv1.32.9+k3s1\n',
  ],
  [['info', 'k4s'], 1, 'did you mean k3s?'],
  [['info', 'k3s', '--catalogue', 'k3s'], 2, 'expected a URL like https://HUB/extensions/'],
  [['info', 'k3s', '--store', 'dir:nowhere'], 1, 'dir:nowhere: expected catalogue.json, found none'],
])('%j says what it should', async (args, code, said) => {
  const ended = await bakery(...(args.includes('--store') ? [] : ['--hub', url]), ...args);
  expect(ended).toMatchObject({ code });
  expect(ended.stdout + ended.stderr).toContain(said);
});
