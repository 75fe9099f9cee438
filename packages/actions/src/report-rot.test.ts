import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { startFakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { runStep } from '../testing/run-entry.ts';

it('ends well where issues are off, as in a new fork, and says so', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'rot-'));
  await using github = await startFakeGithub();
  github.addRepo('baker/bakery', { hasIssues: false });
  const failed = [{ extension: 'alpha', version: '1.0', why: 'no' }];
  const story = JSON.stringify({ run: 1, published: [], waiting: [], failed });
  await writeFile(join(folder.path, 'run.json'), story);
  await writeFile(join(folder.path, 'bakery.yaml'), 'issues: { after: 1, label: rot }\n');
  const { code, log, summary } = await runStep({
    entry: 'report-rot',
    cwd: folder.path,
    inputs: { story: 'run.json', extensions: '["alpha"]' },
    env: {
      GITHUB_API_URL: github.apiUrl,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
      GITHUB_SERVER_URL: github.serverUrl,
      GITHUB_TOKEN: 'test-token',
    },
  });
  expect({ code, log: code === 0 ? '' : log }).toEqual({ code: 0, log: '' });
  expect(summary).toContain('issues are off in this repository');
});

it('opens one issue for what fails, never a second one, and closes it when it is well', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'rot-'));
  await using github = await startFakeGithub();
  const repo = github.addRepo('baker/bakery');
  const write = (name: string, text: string) => writeFile(join(folder.path, name), text);
  const report = async (...failed: string[]): Promise<void> => {
    const why = 'recipes/alpha/recipe.yaml:3:1 no';
    const ones = failed.map((extension) => ({ extension, version: '1.0', why }));
    await write('run.json', JSON.stringify({ run: 1, published: [], waiting: [], failed: ones }));
    const { code, log } = await runStep({
      entry: 'report-rot',
      cwd: folder.path,
      inputs: { story: 'run.json', extensions: '["alpha","beta"]' },
      env: {
        GITHUB_API_URL: github.apiUrl,
        GITHUB_GRAPHQL_URL: github.graphqlUrl,
        GITHUB_SERVER_URL: github.serverUrl,
        GITHUB_TOKEN: 'test-token',
      },
    });
    expect({ code, log: code === 0 ? '' : log }).toEqual({ code: 0, log: '' });
  };
  const issues = () => repo.issues.map(({ title, labels, state }) => [title, ...labels, state]);

  await report('alpha');
  expect(issues()).toEqual([]);
  await write('bakery.yaml', 'issues: { after: 1, label: rot }\n');
  await report('alpha');
  await report('alpha');
  expect(issues()).toEqual([['alpha cannot be released', 'rot', 'open']]);
  await report('beta');
  expect(issues()).toEqual([
    ['alpha cannot be released', 'rot', 'closed'],
    ['beta cannot be released', 'rot', 'open'],
  ]);
  await write('bakery.yaml', 'issues: false\n');
  await report();
  expect(issues()).toHaveLength(2);
  const status = await github.read('baker/bakery', 'bakery-status', 'status.json');
  expect(JSON.parse(status.toString())).toEqual({ status: 1, failing: {} });
  expect(github.violations()).toEqual([]);
});
