import { readdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { sampleCatalogue } from '@bakery/core/testing/sample-catalogue.ts';
import { type FakeGithub, startFakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { runStep, type StepResult } from '../testing/run-entry.ts';

const repository = 'baker/bakery';
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
let github: FakeGithub;
beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'build-site-'));
  github = await startFakeGithub();
});
afterEach(async () => {
  await github[Symbol.asyncDispose]();
  await folder.remove();
});

it.each([
  ['are off', {}, 'GitHub Pages are off (Settings, Pages, Source&#58; GitHub Actions)'],
  ['show a branch', { pages: 'legacy' as const }, 'GitHub Pages show a branch'],
  ['have nothing to show', { pages: 'workflow' as const }, 'nothing is published yet'],
])('says so and is green where Pages %s', async (_what, seed, why) => {
  github.addRepo(repository, seed);
  const { outputs, summary } = await build();
  expect(outputs).toEqual({ built: 'false' });
  expect(summary).toContain(`Not deployed&#58; ${why}`);
  expect(await readdir(folder.path)).not.toContain('site');
});

it('writes the site of what is published', async () => {
  github.addRepo(repository, { pages: 'workflow' });
  const text = JSON.stringify(sampleCatalogue);
  github.addRelease(repository, { tag: 'SHA256SUMS', assets: [{ name: 'catalogue.json', text }] });
  const { outputs, summary } = await build();
  expect(outputs).toEqual({ built: 'true' });
  expect(summary).toContain(`Of ${sampleCatalogue.extensions.length} extensions.`);
  expect(await readdir(join(folder.path, 'site'))).toEqual(expect.arrayContaining(['index.html', 'k3s']));
  expect(github.violations()).toEqual([]);
});

it('does not even ask where bakery.yaml says off', async () => {
  github.addRepo(repository, { pages: 'workflow' });
  await writeFile(join(folder.path, 'bakery.yaml'), 'site: off\n');
  expect((await build()).summary).toContain('bakery.yaml says site&#58; off');
  expect(github.log).toEqual([]);
});

it('is red without Pages where bakery.yaml says required', async () => {
  github.addRepo(repository);
  await writeFile(join(folder.path, 'bakery.yaml'), 'site: required\n');
  const { code, log } = await attempt();
  expect([code, log]).toEqual([1, expect.stringContaining('site: required: GitHub Pages are off (Settings')]);
});

async function build(): Promise<StepResult> {
  const result = await attempt();
  expect({ code: result.code, log: result.code === 0 ? '' : result.log }).toEqual({ code: 0, log: '' });
  return result;
}

function attempt(): Promise<StepResult> {
  return runStep({
    entry: 'build-site',
    cwd: folder.path,
    inputs: { folder: 'site' },
    env: {
      GITHUB_API_URL: github.apiUrl,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
      GITHUB_SERVER_URL: github.serverUrl,
      GITHUB_TOKEN: 'test-token',
    },
  });
}
