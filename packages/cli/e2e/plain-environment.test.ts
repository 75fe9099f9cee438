import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { childEnvironment } from '@bakery/core/src/ports/child-environment.ts';

const execute = promisify(execFile);
const script = join(import.meta.dirname, '../../../scripts/plain-environment.sh');

/** What a command gets of `env` from the scripts that install packages. */
async function plain(env: Record<string, string>): Promise<Record<string, string>> {
  const text = `set -eu; . '${script}'; in_plain_environment MARK=yes env -0`;
  const { stdout } = await execute('sh', ['-c', text], { env });
  const pairs = stdout.split('\0').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

const path = process.env['PATH'] ?? '';

it('tells what installs packages no more than npm is told', async () => {
  const env = {
    PATH: path,
    HOME: '/home/of me',
    LC_ALL: 'C',
    https_proxy: 'http://proxy:3128',
    NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
    npm_config_registry: 'https://registry.example/',
    npm_config__authToken: 'secret',
    NPM_CONFIG__AUTH: 'secret',
    GITHUB_TOKEN: 'secret',
    ACTIONS_ID_TOKEN_REQUEST_URL: 'secret',
    ACTIONS_RESULTS_URL: 'secret',
    AWS_SESSION: 'secret',
    INPUT_TOKEN: 'secret',
    NODE_AUTH_TOKEN: 'secret',
  };
  expect(await plain(env)).toEqual({ ...childEnvironment('npm', env), MARK: 'yes' });
});

it('takes values as they are, whatever stands in them', async () => {
  const value = 'a "b" $(touch /nonexistent/x) `c` \\ \'d\'\nnpm_config_x=e\nLC_X;id=f';
  expect(await plain({ PATH: path, HOME: value, SECRET: `x\nnpm_config_y=${value}` })).toEqual({
    PATH: path,
    HOME: value,
    MARK: 'yes',
  });
});

it('needs nothing to be set', async () => {
  expect(await plain({ PATH: path })).toEqual({ PATH: path, MARK: 'yes' });
});
