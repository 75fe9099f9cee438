import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { silentReport } from '@bakery/core/src/ports/report.ts';
import { portOf } from '@bakery/testbed/port-of.ts';
import { waitingImages, waitingStep } from './waiting-images.ts';

const repository = { full_name: 'baker/bakery' };
const bake = { path: 'original/bakery/.github/workflows/bake.yaml@v1', sha: 'abad1dea' };
const run = {
  repository,
  head_repository: repository,
  path: '.github/workflows/release.yaml',
  head_branch: 'main',
  head_sha: 'c0ffee',
  event: 'schedule',
  created_at: new Date().toISOString(),
  referenced_workflows: [bake],
};
const waits = 'waiting@alpha@1.0.0@7@@@';
const waited = { name: 'Bake / Publish alpha 1.0.0', steps: [{ name: waitingStep, conclusion: 'success' }] };

interface Story {
  /** Oldest first. */
  readonly artifacts?: readonly string[];
  readonly run?: Readonly<Record<string, unknown>>;
  /** What this run, 8, calls. */
  readonly called?: readonly unknown[];
  readonly jobs?: readonly unknown[];
  readonly packed?: string;
  readonly revise?: string;
  readonly expired?: boolean;
  /** The status of everything. */
  readonly status?: number;
}

/** What is found of alpha 1.0.0, and with how many requests. */
async function look(story: Story): Promise<{ readonly found: unknown; readonly requests: number }> {
  const {
    artifacts = [waits],
    jobs = [waited],
    packed = '@@',
    revise,
    expired = false,
    status = 200,
  } = story;
  const answers: Record<string, unknown> = {
    artifacts: {
      total_count: artifacts.length,
      artifacts: artifacts.map((name, id) => ({ id, name, expired })).toReversed(),
    },
    'runs/7': { ...run, ...story.run },
    'runs/8': { ...run, referenced_workflows: story.called ?? [bake] },
    'runs/7/jobs': { total_count: jobs.length, jobs },
  };
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const answer = answers[pathname.replace('/repos/baker/bakery/actions/', '')];
    response.writeHead(answer === undefined ? 404 : status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const env = {
      GITHUB_API_URL: `http://127.0.0.1:${portOf(server.address())}`,
      GITHUB_REPOSITORY: 'baker/bakery',
      GITHUB_WORKFLOW_REF: 'baker/bakery/.github/workflows/release.yaml@refs/heads/main',
      GITHUB_REF_NAME: 'main',
      GITHUB_SHA: 'c0ffee',
      GITHUB_RUN_ID: '8',
    };
    const wanted = {
      name: 'alpha',
      version: '1.0.0',
      why: 'latest' as const,
      ...(revise === undefined ? {} : { revise }),
    };
    return {
      found: Object.fromEntries(await waitingImages([wanted], packed, { env, report: silentReport })),
      requests,
    };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it('finds the images of a version that an earlier run could not publish, with four requests', async () => {
  expect(await look({})).toEqual({ found: { 'alpha-1.0.0': 7 }, requests: 4 });
});

it('asks once where nothing waits', async () => {
  expect(await look({ artifacts: ['alpha@1.0.0@arm64', 'run.json'] })).toEqual({ found: {}, requests: 1 });
});

it('goes by the last word: publishing failed, or waits once more', async () => {
  const failed = 'trouble@alpha@1.0.0@publish';
  expect((await look({ artifacts: [waits, failed] })).found).toEqual({});
  expect((await look({ artifacts: [waits, failed, waits] })).found).toEqual({ 'alpha-1.0.0': 7 });
});

it.each<[string, Story]>([
  ['of another repository', { run: { head_repository: { full_name: 'mallory/bakery' } } }],
  ['of another branch', { run: { head_branch: 'mine' } }],
  ['of another commit', { run: { head_sha: 'decade' } }],
  ['of another version of the bakery', { called: [{ ...bake, sha: 'deadbeef' }] }],
  ['that does not say which version of the bakery it used', { run: { referenced_workflows: null } }],
  ['of another workflow', { run: { path: '.github/workflows/ci.yaml' } }],
  ['whose images are gone by now', { run: { created_at: '2026-01-01T00:00:00Z' } }],
  ['for somebody’s pull request', { run: { event: 'pull_request_target' } }],
  ['in which another version waited', { jobs: [{ ...waited, name: 'Bake / Publish alpha 1.0.1' }] }],
  [
    'whose publish job did not wait',
    { jobs: [{ ...waited, steps: [{ name: waitingStep, conclusion: 'skipped' }] }] },
  ],
  ['in which only a build job said so', { jobs: [{ ...waited, name: 'Bake / Build alpha 1.0.0 arm64' }] }],
  ['that packed otherwise', { packed: 'erofs@@' }],
  ['whose artifacts are gone', { expired: true }],
  ['when the version is to be revised', { revise: 'a fix' }],
  ['without the permission to look', { status: 403 }],
])('takes nothing of a run %s', async (_name, story) => {
  expect((await look(story)).found).toEqual({});
});

it('names the step as bake.yaml does', async () => {
  const workflow = await readFile(join(import.meta.dirname, '../../../.github/workflows/bake.yaml'), 'utf8');
  expect(workflow).toContain(`- name: ${waitingStep}\n`);
  expect(workflow).toContain('name: Publish ${{ matrix.extension }} ${{ matrix.version }}\n');
});
