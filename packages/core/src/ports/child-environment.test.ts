import { readFileSync } from 'node:fs';
import { chmod, glob, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { engines } from '../steps/engine.ts';
import { managers } from '../tools/install.ts';
import { tools } from '../tools/known-tools.ts';
import { childEnvironment } from './child-environment.ts';
import { spawnExec } from './spawn.ts';

/** Every program a bakery starts: tools of the table and what takes care of itself. */
const programs = [
  ...new Set([
    ...tools.map(({ program }) => program),
    ...engines,
    ...managers,
    'skopeo',
    'umoci',
    'sudo',
    'env',
    'systemd-sysupdate',
  ]),
];

const poison = {
  GITHUB_TOKEN: 'poison',
  GH_TOKEN: 'poison',
  INPUT_TOKEN: 'poison',
  'INPUT_SIGNING-KEY': 'poison',
  ACTIONS_RUNTIME_TOKEN: 'poison',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'poison',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'poison',
  ACTIONS_RUNTIME_URL: 'poison',
  BAKERY_SIGNING_KEY: 'poison',
  BAKERY_SIGNING_PASSPHRASE: 'poison',
  BAKERY_VERITY_KEY: 'poison',
  NODE_AUTH_TOKEN: 'poison',
  NPM_TOKEN: 'poison',
  npm_config__auth: 'poison',
  npm_config__authToken: 'poison',
  npm_config__password: 'poison',
  NPM_CONFIG_OTP: 'poison',
  npm_config_key: 'poison',
  AWS_SECRET_ACCESS_KEY: 'poison',
  DATABASE_PASSWORD: 'poison',
  GIT_CONFIG_COUNT: 'poison',
  GIT_CONFIG_VALUE_0: 'poison',
  GIT_ASKPASS: 'poison',
  SSH_AUTH_SOCK: 'poison',
  CONTAINERS_TOKEN: 'poison',
  DOCKER_AUTH_CONFIG: 'poison',
  SYSTEMD_SECRET: 'poison',
  NODE_OPTIONS: 'poison',
  BASH_ENV: 'poison',
  LD_PRELOAD: 'poison',
};

/** Files that start programs, so that there is no other way to one. */
const starters = ['packages/actions/src/action-exec.ts', 'packages/core/src/ports/spawn.ts'];

it('is how all programs are started', async () => {
  const root = join(import.meta.dirname, '../../../..');
  const sources = await Array.fromAsync(
    glob('packages/{actions,cli,core,docs,redirect}/src/**/*.ts', { cwd: root }),
  );
  const found = sources
    .filter((path) => !path.endsWith('.test.ts'))
    .filter((path) =>
      /'(?:node:)?child_process'|'@actions\/exec'/.test(readFileSync(join(root, path), 'utf8')),
    );
  expect(found.toSorted()).toEqual(starters);
});

const plain = { HOME: '/home/me', LC_ALL: 'C.UTF-8', TMPDIR: '/var/tmp', https_proxy: 'http://proxy:3128' };

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'children-'));
  for (const program of programs) {
    const file = join(folder.path, program);
    await writeFile(file, '#!/bin/sh\nexec /usr/bin/env\n');
    await chmod(file, 0o755);
  }
});
afterAll(() => folder.remove());

describe.each(programs)('%s', (program) => {
  it('sees no secret of a job, and what all programs need', async () => {
    const exec = spawnExec({ ...poison, ...plain, PATH: folder.path });
    const { stdout } = await exec.run(program, []);
    expect(stdout).not.toContain('poison');
    for (const [name, value] of Object.entries(plain)) expect(stdout).toContain(`${name}=${value}\n`);
    expect(await text(exec.filter(program, [], Readable.from([])))).not.toContain('poison');
  });
});

it.each([
  ['podman', 'XDG_RUNTIME_DIR'],
  ['podman', 'CONTAINERS_STORAGE_CONF'],
  ['docker', 'DOCKER_HOST'],
  ['/usr/bin/docker', 'DOCKER_CONFIG'],
  ['npm', 'npm_config_registry'],
  ['npm', 'NPM_CONFIG_USERCONFIG'],
  ['npm', 'npm_config_cafile'],
  ['npm', 'npm_config_https_proxy'],
  ['git', 'GIT_SSL_CAINFO'],
  ['systemd-sysupdate', 'SYSTEMD_LOG_LEVEL'],
])('gives %s the %s it needs', (program, name) => {
  expect(childEnvironment(program, { [name]: 'x' })).toEqual({ [name]: 'x' });
  expect(childEnvironment('mksquashfs', { [name]: 'x' })).toEqual({});
});
