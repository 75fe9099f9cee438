import { mkdtempDisposable, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { startFakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { runStep } from '../testing/run-entry.ts';

it('opens one issue for an extension without a page, and never a second one', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'docs-drift-'));
  await using github = await startFakeGithub();
  const repo = github.addRepo('baker/bakery');
  for (const name of ['written', 'unwritten']) {
    await mkdir(join(folder.path, 'recipes', name), { recursive: true });
    await writeFile(join(folder.path, 'recipes', name, 'recipe.yaml'), '');
  }
  await writeFile(join(folder.path, 'recipes/written/README.md'), '# written\n');
  await writeFile(join(folder.path, 'release_build_versions.txt'), 'written latest\nunwritten latest\n');
  const look = () =>
    runStep({
      entry: 'docs-drift',
      cwd: folder.path,
      env: {
        GITHUB_API_URL: github.apiUrl,
        GITHUB_SERVER_URL: github.serverUrl,
        GITHUB_TOKEN: 'test-token',
      },
    });
  expect((await look()).log).toContain('opened ');
  expect(repo.issues.map(({ title }) => title)).toEqual(['unwritten has no documentation page']);
  for (const issue of repo.issues) issue.state = 'closed';
  expect((await look()).code).toBe(0);
  expect(repo.issues).toHaveLength(1);
  expect(github.violations()).toEqual([]);
});
