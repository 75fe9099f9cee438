import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runChecked } from '../../ports/run-checked.ts';
import { spawnExec } from '../../ports/spawn.ts';
import { ownVersion, showVersion } from './own-version.ts';

const exec = spawnExec(process.env);
const root = join(import.meta.dirname, '../../../../..');
const commit = 'c'.repeat(40);

async function writeManifest(folder: string, more: object = {}): Promise<string> {
  await mkdir(join(folder, 'packages/core/src'), { recursive: true });
  const manifest = { name: 'sysext-bakery', version: '1.2.3', ...more };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'packages/core/package.json'), '{"name":"@bakery/core","version":"0.1.0"}');
  return join(folder, 'packages/core/src');
}

it('is the commit of the checkout this runs from', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const head = (await runChecked(exec, 'git', ['rev-parse', 'HEAD'], { cwd: root })).trim();
  expect(await ownVersion({ exec, env: {} })).toEqual({
    version,
    commit: head,
    changed: expect.any(Boolean),
  });
});

it('is what a bundle says of itself, without asking git', async () => {
  await using home = await mkdtempDisposable(join(tmpdir(), 'own-version-'));
  const source = await writeManifest(home.path, { commit, changed: false });
  const noGit = spawnExec({ PATH: home.path });
  expect(await ownVersion({ exec: noGit, env: {} }, source)).toEqual({
    version: '1.2.3',
    commit,
    changed: false,
  });
});

it('has no commit without git, nor that of a repository it was unpacked into', async () => {
  await using home = await mkdtempDisposable(join(tmpdir(), 'own-version-'));
  const source = await writeManifest(join(home.path, 'third-party/bakery'));
  expect(await ownVersion({ exec, env: {} }, source)).toEqual({ version: '1.2.3' });
  const git = (...args: string[]) => runChecked(exec, 'git', args, { cwd: home.path });
  await git('init', '--quiet');
  await git('add', '--all');
  await git('-c', 'user.name=a', '-c', 'user.email=a@localhost', 'commit', '--quiet', '-m', 'all');
  expect(await ownVersion({ exec, env: {} }, source)).toEqual({ version: '1.2.3' });
});

it.each([
  [{ version: '1.2.3' }, 'bakery 1.2.3'],
  [{ version: '1.2.3', commit }, `bakery 1.2.3 (commit ${commit})`],
  [{ version: '1.2.3', commit, changed: true }, `bakery 1.2.3 (commit ${commit}, with local changes)`],
])('shows %j', (version, text) => {
  expect(showVersion(version)).toBe(text);
});
