import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type FakeGithub, startFakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { runStep } from '../testing/run-entry.ts';

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
let github: FakeGithub;
beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'rot-'));
  github = await startFakeGithub();
});
afterEach(async () => {
  await github[Symbol.asyncDispose]();
  await folder.remove();
});

it('ends well where issues are off, as in a new fork, and says so', async () => {
  github.addRepo('baker/bakery', { hasIssues: false });
  await write('bakery.yaml', 'issues: { after: 1, label: rot }\n');
  expect(await report('alpha')).toContain('issues are off in this repository');
});

it('opens one issue for what fails, never a second one, and closes it when it is well', async () => {
  const repo = github.addRepo('baker/bakery');
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

it('remembers of what merely waits how far it is behind and since when, and tells nobody', async () => {
  const repo = github.addRepo('baker/bakery');
  await write('bakery.yaml', 'issues: { after: 1, label: rot }\n');
  const waiting = [
    { extension: 'alpha', version: '1.0', why: 'no time' },
    { extension: 'alpha', version: '2.0', why: 'no time for it' },
  ];
  await tell({ waiting });
  const read = async (): Promise<unknown> =>
    JSON.parse((await github.read('baker/bakery', 'bakery-status', 'status.json')).toString());
  const since = expect.stringMatching(/^\d{4}-.*Z$/);
  const alpha = { versions: 2, newest: '2.0', since, why: 'no time for it' };
  expect(await read()).toEqual({ status: 1, failing: {}, behind: { alpha } });
  expect(repo.issues).toEqual([]);
  await tell({});
  expect(await read()).toEqual({ status: 1, failing: {} });
  expect(github.violations()).toEqual([]);
});

function write(name: string, text: string): Promise<void> {
  return writeFile(join(folder.path, name), text);
}

/** A run in which these extensions failed. Resolves to its summary. */
function report(...failed: readonly string[]): Promise<string> {
  const why = 'recipes/alpha/recipe.yaml:3:1 no';
  return tell({ failed: failed.map((extension) => ({ extension, version: '1.0', why })) });
}

async function tell(story: object): Promise<string> {
  const nothing = { run: 1, published: [], waiting: [], failed: [], leftOut: [] };
  await write('run.json', JSON.stringify({ ...nothing, ...story }));
  const { code, log, summary } = await runStep({
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
  return summary;
}
