import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestEngine } from '@bakery/testbed/containers/engine.ts';
import { machineArch } from '@bakery/testbed/machine-arch.ts';
import { silentReport } from '../src/ports/report.ts';
import { spawnExec } from '../src/ports/spawn.ts';
import type { BuildContext } from '../src/steps/build-context.ts';

/** For tests: what steps of a build work with, all of it below `folder`; nothing can be fetched but images. */
export async function testContext(
  { path, env }: Pick<TestEngine, 'path' | 'env'>,
  folder: string,
  changes: Partial<BuildContext> = {},
): Promise<BuildContext> {
  return {
    ports: {
      exec: spawnExec({ ...process.env, ...env, ...localRepositories }),
      http: { get: fail, bytes: fail, text: fail },
      report: silentReport,
    },
    path,
    isRoot: true,
    name: 'hello',
    version: '1.0',
    arch: machineArch,
    images: [],
    mirrors: [],
    offline: false,
    logs: folder,
    recipeFolder: folder,
    scratch: await mkdtemp(join(folder, 'scratch-')),
    epoch: 1_700_000_000,
    jobs: 3,
    artifact: fail,
    ...changes,
  };
}

/** Repositories of tests are folders, which steps take from nobody by themselves. */
const localRepositories = {
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'protocol.file.allow',
  GIT_CONFIG_VALUE_0: 'always',
};

function fail(): never {
  throw new Error('not to be called');
}
