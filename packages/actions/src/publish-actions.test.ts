import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtempDisposable, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startFakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { actionEntries } from './action-files.ts';

const execute = promisify(execFile);
const here = join(import.meta.dirname, '../../..');

let home: Awaited<ReturnType<typeof mkdtempDisposable>>;
let checkout: string;
let before: string;

function versionIn(manifest: string): string {
  return /"version": "(.+)"/.exec(manifest)?.[1] ?? '';
}

/** A clone with what the scripts touch; its packages are those of this checkout. */
beforeAll(async () => {
  home = await mkdtempDisposable(join(tmpdir(), 'publish-actions-'));
  checkout = join(home.path, 'checkout');
  for (const bare of ['origin', ...actionEntries.map((name) => `mirrors/${name}`)]) {
    await mkdir(join(home.path, bare), { recursive: true });
    await git(join(home.path, bare), 'init', '--quiet', '--bare');
  }
  for (const path of [
    'scripts',
    'actions',
    'action.yml',
    'docs/actions.md',
    '.github',
    'packages',
    'package.json',
    'pnpm-workspace.yaml',
    '.changeset/config.json',
  ]) {
    await cp(join(here, path), join(checkout, path), { recursive: true, verbatimSymlinks: true });
  }
  await symlink(join(here, 'node_modules'), join(checkout, 'node_modules'));
  // Nothing to install then.
  await cp(join(here, 'node_modules/.installed-lock'), join(checkout, 'pnpm-lock.yaml'));
  await writeFile(join(checkout, '.gitignore'), 'node_modules\ndist/\n');
  await git(checkout, 'init', '--quiet', '-b', 'main');
  await git(checkout, 'remote', 'add', 'origin', 'https://github.com/baker/bakery');
  await git(
    checkout,
    'config',
    `url.${join(home.path, 'origin')}.insteadOf`,
    'https://github.com/baker/bakery',
  );
  await commitAll('all');
  before = versionIn(await readFile(join(checkout, 'package.json'), 'utf8'));
});

afterAll(async () => home[Symbol.asyncDispose]());

async function git(cwd: string, ...args: string[]): Promise<string> {
  return (await execute('git', args, { cwd, maxBuffer: 2 ** 24 })).stdout.trim();
}

function script(name: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return scriptIn({}, name, ...args);
}

function scriptIn(
  env: Readonly<Record<string, string>>,
  name: string,
  ...args: string[]
): Promise<{ stdout: string; stderr: string }> {
  return execute(join(checkout, 'scripts', name), args, {
    env: { ...process.env, ...env, PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}` },
  });
}

async function commitAll(message: string): Promise<void> {
  await git(checkout, 'add', '--all');
  await git(
    checkout,
    '-c',
    'user.name=a',
    '-c',
    'user.email=a@localhost',
    'commit',
    '--quiet',
    '-m',
    message,
  );
}

async function change(kind: string, text: string): Promise<void> {
  await writeFile(join(checkout, '.changeset/some.md'), `---\nsysext-bakery: ${kind}\n---\n\n${text}\n`);
  await commitAll('a change');
}

it('tags a commit with the bundle, moves v1 to each newest one, and leaves main alone', async () => {
  const origin = join(home.path, 'origin');
  const main = await git(checkout, 'rev-parse', 'main');
  await script('publish-actions', 'v1.0.0');
  await script('publish-actions', 'v1.1.0');
  expect(await git(origin, 'tag')).toBe('v1\nv1.0.0\nv1.1.0');
  expect(await git(origin, 'rev-parse', 'v1')).toBe(await git(origin, 'rev-parse', 'v1.1.0'));
  expect(await git(origin, 'rev-parse', 'v1^')).toBe(main);
  const files = (await git(origin, 'ls-tree', '-r', '--name-only', 'v1')).split('\n');
  expect(files).toEqual(expect.arrayContaining(actionEntries.map((name) => `dist/actions/src/${name}.js`)));
  expect(files.some((file) => file.startsWith('node_modules/'))).toBe(false);
  // Who copies from it need not know what stands for what.
  expect(await git(origin, 'show', 'v1:docs/actions.md')).toContain('- uses: baker/bakery@v1\n');
  expect(await git(origin, 'grep', '-h', 'uses: .*/actions/', 'v1', '--', 'actions')).not.toContain(
    'OWNER/REPO',
  );
  expect(await git(checkout, 'status', '--porcelain')).toBe('');
  await expect(script('publish-actions', 'v1.1.0')).rejects.toThrow('is published already');
  await expect(script('publish-actions', 'latest')).rejects.toThrow('expected vX.Y.Z, got "latest"');
});

it('makes a version, a changelog and a commit of the changesets, once', async () => {
  const origin = join(home.path, 'origin');
  await change('minor', '`bakery list` shows how old each version is.');
  const { stdout } = await script('apply-changesets');
  const version = versionIn(await git(origin, 'show', 'main:package.json'));
  expect(stdout).toBe(`version=v${version}\n`);
  expect(version).not.toBe(before);
  const changelog = await git(origin, 'show', 'main:CHANGELOG.md');
  expect(changelog).toContain(`\n## ${version}\n`);
  expect(changelog).toMatch(/^- .*`bakery list` shows how old each version is\.$/m);
  expect(await git(origin, 'ls-tree', '--name-only', 'main', '.changeset/')).toBe('.changeset/config.json');
  expect(await git(checkout, 'status', '--porcelain')).toBe('');
  // Whoever was stopped before the tag goes on with the same version.
  expect((await script('apply-changesets')).stdout).toBe(stdout);
  await script('publish-actions', `v${version}`);
  await git(checkout, 'fetch', '--quiet', '--tags');
  await using github = await startFakeGithub();
  github.addRepo('baker/bakery');
  const env = {
    GITHUB_API_URL: github.apiUrl,
    GITHUB_REPOSITORY: 'baker/bakery',
    GITHUB_TOKEN: 'test-token',
  };
  await scriptIn(env, 'release-actions', `v${version}`);
  const again = await scriptIn(env, 'release-actions', `v${version}`);
  expect(again.stdout).toBe(`v${version} has its release\n`);
  const body = expect.stringContaining('`bakery list` shows how old each version is.');
  expect(github.releases('baker/bakery')).toMatchObject([{ tag: `v${version}`, body, draft: false }]);
  await expect(script('apply-changesets')).rejects.toThrow(`nothing to release: .changeset/ holds no change`);
});

it('gives each action a repository of its own, the same however often it runs', async () => {
  await git(checkout, 'fetch', '--quiet', '--tags');
  const mirror = join(home.path, 'mirrors');
  await script('mirror-actions', 'v1.1.0', mirror);
  await script('mirror-actions', 'v1.1.0', mirror);
  const action = await git(join(mirror, 'build-sysext'), 'show', 'v1:action.yml');
  expect(action).toContain('"$GITHUB_ACTION_PATH/scripts/run-action" build-sysext');
  const umbrella = await git(join(mirror, 'bake'), 'show', 'v1:action.yml');
  expect(umbrella).toContain('"$GITHUB_ACTION_PATH/scripts/run-action" bake');
  for (const name of actionEntries) {
    const repository = join(mirror, name);
    expect(await git(repository, 'rev-parse', 'v1')).toBe(await git(repository, 'rev-parse', 'v1.1.0'));
    const page = await git(repository, 'show', 'v1:README.md');
    expect(page).toMatch(new RegExp(`^# ${name === 'bake' ? 'GitHub Actions' : name}\n`));
    expect(page).toContain(`- uses: mirrors/${name}@v1`);
    expect(await git(repository, 'ls-tree', '--name-only', 'v1')).not.toContain('.github');
  }
});
