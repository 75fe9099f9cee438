import { readFileSync } from 'node:fs';
import { mkdtemp, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEngines, type TestEngine } from '@bakery/testbed/containers/engine.ts';
import { type ImageRegistry, imageRegistry } from '@bakery/testbed/containers/image-registry.ts';
import { machineArch } from '@bakery/testbed/machine-arch.ts';
import { testContext } from '../../testing/step-context.ts';
import type { Arch } from '../names/arch.ts';
import type { BuildContext } from './build-context.ts';
import { type Engine, engines } from './engine.ts';
import { ociRootfs } from './oci-rootfs.ts';

let stack: AsyncDisposableStack;
let folder: string;
let started: Readonly<Record<Engine, TestEngine>>;
let registry: ImageRegistry;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'images-'))).path;
  registry = stack.use(await imageRegistry());
  started = await startEngines(folder, stack);
  const registries = join(folder, 'registries.conf');
  await writeFile(registries, `[[registry]]\nlocation = "${registry.host}"\ninsecure = true\n`);
  env = { CONTAINERS_REGISTRIES_CONF: registries };
});
afterAll(() => stack.disposeAsync());

/** Takes the root out of an image; resolves to what its file `name` says, and its id. */
async function take(engine: TestEngine, image: string, arch: Arch, changes: Partial<BuildContext> = {}) {
  const reached = { ...engine, env: { ...engine.env, ...env } };
  const context = await testContext(reached, folder, { arch, ...changes });
  const root = await mkdtemp(join(folder, 'root-'));
  const { id } = await ociRootfs({ image }, root, context);
  return { id, text: readFileSync(join(root, 'name'), 'utf8') };
}

describe.each(engines)('an image of a registry, with %s', (name) => {
  it('is pulled once for each architecture, though one digest stands for both', async () => {
    const digest = await registry.publish(`${name}/both`, {
      amd64: { name: 'one for amd64' },
      arm64: { name: 'one for arm64' },
    });
    const image = `${registry.host}/${name}/both@${digest}`;
    const texts = { 'x86-64': 'one for amd64', arm64: 'one for arm64' };
    for (const arch of ['x86-64', 'arm64'] as const) {
      expect(await take(started[name], image, arch)).toMatchObject({ text: texts[arch] });
    }
    for (const arch of ['x86-64', 'arm64', 'x86-64'] as const) {
      expect(await take(started[name], image, arch, { offline: true })).toMatchObject({ text: texts[arch] });
    }
  });

  it('is pulled for both architectures at once', async () => {
    const digest = await registry.publish(`${name}/at-once`, {
      amd64: { name: 'one for amd64' },
      arm64: { name: 'one for arm64' },
    });
    const image = `${registry.host}/${name}/at-once@${digest}`;
    const both = (['x86-64', 'arm64'] as const).map((arch) => take(started[name], image, arch));
    expect((await Promise.all(both)).map(({ text }) => text)).toEqual(['one for amd64', 'one for arm64']);
  });

  it('is pulled once', async () => {
    const digest = await registry.publish(`${name}/once`, { amd64: { name: 'x' } });
    const image = `${registry.host}/${name}/once@${digest}`;
    const first = await take(started[name], image, 'x86-64');
    const requests = registry.log.length;
    expect(await take(started[name], image, 'x86-64', { offline: true })).toEqual(first);
    expect(registry.log).toHaveLength(requests);
  });

  it('is not there for every architecture', async () => {
    const digest = await registry.publish(`${name}/one`, { amd64: { name: 'x' } });
    const image = `${registry.host}/${name}/one@${digest}`;
    await take(started[name], image, 'x86-64');
    await expect(take(started[name], image, 'arm64')).rejects.toThrow(`image ${image}: `);
  });

  it('is not to be had, while one for another architecture is there', async () => {
    const { image } = started[name];
    const other = machineArch === 'arm64' ? 'x86-64' : 'arm64';
    const start = `image ${image}: cannot be pulled for ${other}, and it is there for linux/`;
    await expect(take(started[name], image, other)).rejects.toThrow(start);
  });
});

it('says that Docker is not running', async () => {
  const stopped = { ...started.docker.env, DOCKER_HOST: `unix://${folder}/nothing.sock` };
  const work = take({ ...started.docker, env: stopped }, 'docker.io/library/x:1', 'arm64');
  await expect(work).rejects.toMatchObject({
    message: expect.stringMatching(/^docker: .*connect to the docker/i),
    hint: 'start it, or apt-get install podman',
  });
});
