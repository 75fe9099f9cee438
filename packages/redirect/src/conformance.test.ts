import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { checkHub } from '@bakery/core/src/conformance/check-hub.ts';
import { silentReport } from '@bakery/core/src/ports/report.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { updateGlobalMetadata } from '@bakery/core/src/release/metadata/global-metadata.ts';
import { updateExtensionMetadata } from '@bakery/core/src/release/metadata/metadata.ts';
import { type FakeStore, openFakeStore, repository } from '@bakery/core/testing/fake-store.ts';
import { publishSample, sampleRecipe } from '@bakery/core/testing/sample-bakery.ts';
import { upstreamHttp } from '@bakery/testbed/upstream.ts';
import { startCaddy } from '../testing/started-caddy.ts';
import { redirectConfig } from './config.ts';
import { serveRedirects } from './redirect-server.ts';

const versions = [
  ['k3s', 'v1.33.5+k3s1'],
  ['k3s', 'v1.34.1+k3s1'],
  ['docker', '24.0.7'],
  ['docker-compose', '2.24.5'],
] as const;

let stack: AsyncDisposableStack;
let releases: FakeStore;
const hubs = new Map<string, string>();
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  releases = stack.use(await openFakeStore());
  const config = redirectConfig({ repo: repository, server: releases.fake.serverUrl });
  const node = stack.use(await serveRedirects(config));
  const { path: folder } = stack.use(await mkdtempDisposable(join(tmpdir(), 'caddy-')));
  const caddy = stack.use(await startCaddy(config, folder, { path: process.env['PATH'] ?? '' }));
  hubs.set('the Node server', `${node.url}extensions/`).set('Caddy', `${caddy.url}extensions/`);
  for (const [name, version] of versions) await publishSample(releases.store(), name, version);
});
afterAll(() => stack.disposeAsync());

it.each(['the Node server', 'Caddy'])('%s serves what the conformance check finds good', async (what) => {
  const hub = hubs.get(what) ?? '';
  const context = { store: releases.store(), hub, names: ['k3s', 'docker', 'docker-compose'] };
  for (const name of context.names) await updateExtensionMetadata(name, sampleRecipe(name), context);
  await updateGlobalMetadata(context);
  const { extensions, complaints } = await checkHub(
    { url: hub, extensions: [], deep: true, systemd: false, known: [], today: '2026-11-23' },
    {
      http: upstreamHttp(),
      exec: spawnExec({}),
      report: silentReport,
      tmpdir: tmpdir(),
      sleep: async () => {},
    },
  );
  expect(complaints).toEqual([]);
  expect(extensions.map(({ name, images }) => [name, images])).toEqual([
    ['docker', 2],
    ['docker-compose', 2],
    ['k3s', 4],
  ]);
  expect(releases.fake.violations()).toEqual([]);
});
