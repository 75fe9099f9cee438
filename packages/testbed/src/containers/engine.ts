import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arch } from '@bakery/core/src/names/arch.ts';
import type { Engine } from '@bakery/core/src/steps/engine.ts';
import { testDocker } from './docker.ts';
import { testPodman } from './podman.ts';

/** A real container engine with a store of its own, for tests that run as root. */
export interface TestEngine extends AsyncDisposable {
  readonly name: Engine;
  /** PATH with this engine and none that would be preferred to it. */
  readonly path: string;
  /** To be added to the environment; its PATH has all other programs as well. */
  readonly env: Readonly<Record<string, string>>;
  /** An image with a shell and a C compiler, whatever a recipe calls it. */
  readonly image: string;
}

/** Starts one of each below `folder`; they end with `stack`. */
export async function startEngines(
  folder: string,
  stack: AsyncDisposableStack,
): Promise<Readonly<Record<Engine, TestEngine>>> {
  const start = async (name: Engine) => {
    const own = join(folder, name);
    await mkdir(own);
    return stack.use(await startEngine(name, own));
  };
  const [podman, docker] = [await start('podman'), await start('docker')];
  return { podman, docker };
}

/** Starts an engine that keeps everything below `folder`, an empty folder. */
export async function startEngine(name: Engine, folder: string, arch?: Arch): Promise<TestEngine> {
  if (name === 'docker') return testDocker(folder, arch);
  const podman = await testPodman(folder, arch);
  return {
    name,
    path: podman.path,
    env: { ...podman.env, PATH: podman.path },
    image: podman.image,
    [Symbol.asyncDispose]: () => podman[Symbol.asyncDispose](),
  };
}
