import { cp, mkdir, mkdtempDisposable, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FileServer, serveFolder } from '@bakery/core/src/serve/serve-folder.ts';
import { type SampleBakery, sampleBakery } from '@bakery/core/testing/sample-bakery.ts';
import { runBakery, runWell } from '../../e2e/run-bakery.ts';
import { filesOf, leftovers } from '../../e2e/store-folder.ts';
import { watchStore } from '../../e2e/watch-store.ts';

const preload = ['--import', join(import.meta.dirname, '../../e2e/kill-before.ts')];
const points = Array.from({ length: 10 }, (_, index) => index);

let stack: AsyncDisposableStack;
let user: { readonly folder: string; readonly env: Readonly<Record<string, string>> };
let bakery: SampleBakery;
let server: FileServer;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await mkdtempDisposable(join(tmpdir(), 'mirror-cli-')));
  user = { folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder, TMPDIR: join(folder, 'tmp') } };
  bakery = stack.use(await sampleBakery(''));
  await Promise.all([join(folder, 'tmp'), bakery.root].map((path) => mkdir(path)));
  server = stack.use(await serveFolder(bakery.root));
  await bakery.publish('k3s', 'v1.33.5+k3s1');
  await bakery.publish('docker', '24.0.7');
  await bakery.index(server.url);
  await runWell(user, ['mirror', server.url, 'dir:before']);
  for (const version of ['v1.33.6+k3s1', 'v1.34.1+k3s1']) await bakery.publish('k3s', version);
  await bakery.publish('docker-compose', '2.24.5');
  await bakery.index(server.url);
});
afterAll(() => stack.disposeAsync());

describe('bakery mirror', () => {
  let changes: number;

  it('tells what it copied, as a table and as JSON', async () => {
    await cp(join(user.folder, 'before'), join(user.folder, 'whole'), { recursive: true });
    const count = join(user.folder, 'count.json');
    const first = await runWell(user, ['mirror', server.url, 'dir:whole'], {
      env: { COUNT: count },
      node: preload,
    });
    changes = JSON.parse(await readFile(count, 'utf8')).changes;
    expect(first.stdout).toMatch(/^docker +0 copied {2}1 there {2}index unchanged$/m);
    expect(first.stdout).toMatch(/^k3s +2 copied {2}1 there {2}index written$/m);
    const second = await runWell(user, ['mirror', server.url, 'dir:whole', 'k3s', '--json']);
    expect(JSON.parse(second.stdout)).toEqual({
      extensions: [
        {
          name: 'k3s',
          copied: [],
          there: ['v1.34.1+k3s1', 'v1.33.6+k3s1', 'v1.33.5+k3s1'],
          index: 'unchanged',
        },
      ],
      pruned: [],
      failures: [],
    });
    expect(await filesOf(join(user.folder, 'whole'))).toEqual(await filesOf(bakery.root));
  });

  it.each(points)(
    'killed at any moment leaves what a host can use, and is finished by the next (%i of 10)',
    async (point) => {
      const name = `killed-${point}`;
      const store = join(user.folder, name);
      await cp(join(user.folder, 'before'), store, { recursive: true });
      const at = 1 + Math.floor((0.95 * changes * (point + 0.5)) / points.length);
      const watch = watchStore(store);
      const killed = await runBakery(user, ['mirror', server.url, `dir:${name}`], {
        env: { KILL_BEFORE: String(at) },
        node: preload,
      });
      expect(killed).toMatchObject({ code: null });
      await watch.look();
      await runWell(user, ['mirror', server.url, `dir:${name}`]);
      await watch.stop();
      expect({ at, broken: watch.broken }).toEqual({ at, broken: [] });
      expect(await filesOf(store)).toEqual(await filesOf(bakery.root));
      expect({ at, leftovers: await leftovers(store) }).toEqual({ at, leftovers: [] });
      expect(await readdir(join(user.folder, 'tmp'))).toEqual([]);
    },
  );

  it.each([
    [['mirror', 'dir:x', 'github:a/b'], 2, 'expected dir:PATH as the target, got "github:a/b"'],
    [['mirror', 'dir:before', 'dir:./before'], 1, 'expected two folders, got dir:./before twice'],
    [['mirror', 'dir:nowhere', 'dir:x'], 1, 'dir:nowhere: expected the folder of a bakery, found none'],
    [['mirror', 'ftp://x', 'dir:x'], 1, 'SOURCE: expected https://HUB/extensions/, dir:PATH or'],
  ])('%j ends with %i', async (args, code, complaint) => {
    expect(await runBakery(user, args)).toMatchObject({ code, stderr: expect.stringContaining(complaint) });
  });
});

describe('bakery conformance', () => {
  it('ends with 0 for a good hub and with 1 when there is an error', async () => {
    const good = await runBakery(user, ['conformance', server.url]);
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining(': 0 error(s), 0 warning(s)') });
    expect(good.stdout).toMatch(/^k3s +3 versions {2}6 images {2}6 sysupdate files {2}good$/m);

    const bad = await runBakery(user, ['conformance', server.url, 'nobody', '--json']);
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout).complaints).toEqual([
      {
        code: 'hub.answer-missing',
        severity: 'error',
        place: { file: `${server.url}nobody/SHA256SUMS` },
        message: 'expected status 200, got status 404',
      },
    ]);
  });

  it.each([
    [['conformance', 'hub.example'], 2, 'expected a URL like https://HUB/extensions/, got "hub.example"'],
    [['conformance'], 2, "missing required argument 'url'"],
  ])('%j ends with %i', async (args, code, complaint) => {
    expect(await runBakery(user, args)).toMatchObject({ code, stderr: expect.stringContaining(complaint) });
  });
});
