import { expect, it } from '@jest/globals';
import { startFakeGithub } from './fake-github.ts';
import { failure, octokitFor } from './octokit-for-tests.ts';

it('tells of runs, their jobs and their artifacts as GitHub does', async () => {
  await using fake = await startFakeGithub();
  const bytes = { kind: 'text', text: 'a zip' } as const;
  fake.addRepo('baker/bakery').runs.push({
    id: 7,
    path: '.github/workflows/release.yaml',
    branch: 'main',
    commit: 'c0ffee',
    event: 'schedule',
    called: [{ path: 'baker/bakery/.github/workflows/bake.yaml@c0ffee', sha: 'c0ffee' }],
    createdAt: Date.UTC(2026, 10, 28),
    jobs: [{ name: 'Check', conclusion: 'success', steps: [{ name: 'Check out', conclusion: 'success' }] }],
    artifacts: [
      { id: 1, name: 'alpha@1.0.0@arm64', expired: false, bytes },
      { id: 2, name: 'run.json', expired: true, bytes },
    ],
  });
  const [octokit, bakery] = [octokitFor(fake), { owner: 'baker', repo: 'bakery' }];
  const run = await octokit.actions.getWorkflowRun({ ...bakery, run_id: 7 });
  expect(run.data).toMatchObject({ event: 'schedule', referenced_workflows: [{ sha: 'c0ffee' }] });
  const jobs = await octokit.actions.listJobsForWorkflowRun({ ...bakery, run_id: 7 });
  expect(jobs.data.jobs).toMatchObject([{ name: 'Check', steps: [{ name: 'Check out' }] }]);
  const artifacts = await octokit.actions.listArtifactsForRepo(bakery);
  expect(artifacts.data.artifacts.map(({ name }) => name)).toEqual(['run.json', 'alpha@1.0.0@arm64']);
  const zip = `${fake.apiUrl}/repos/baker/bakery/actions/artifacts/1/zip`;
  const headers = { 'user-agent': 'test' };
  const allowed = await fetch(zip, { headers: { ...headers, authorization: 'Bearer test-token' } });
  expect(await allowed.text()).toBe('a zip');
  expect((await fetch(zip, { headers })).status).toBe(403);
  const expired = octokit.actions.downloadArtifact({ ...bakery, artifact_id: 2, archive_format: 'zip' });
  await expect(failure(expired)).resolves.toMatchObject({ status: 410 });
  expect(fake.violations()).toEqual([]);
});
