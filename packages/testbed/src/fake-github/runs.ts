import { has } from './access.ts';
import { failed, notFound, ok, redirect, type Answer } from './answer.ts';
import type { RepoCall } from './call.ts';
import { iso } from './iso.ts';
import { nodeId } from './node-id.ts';
import { paginated } from './pagination.ts';
import { repositoryJson } from './repository.ts';
import type { Artifact, RunJob, WorkflowRun } from './state.ts';

const day = 86_400_000;

/** Newest first. */
export function listArtifacts(call: RepoCall): Answer {
  return listed(call, artifactsOf(call.repo.runs), 'artifacts', (one) => artifactJson(call, one));
}

export function listRunArtifacts(call: RepoCall): Answer {
  const run = find(call);
  if (run === undefined) return notFound;
  return listed(call, artifactsOf([run]), 'artifacts', (one) => artifactJson(call, one));
}

/** The way to the zip, for whoever may read more than the public. */
export function downloadArtifact(call: RepoCall): Answer {
  const { repo, params, world, caller } = call;
  if (!has(caller, repo, { area: 'actions', level: 'read' })) {
    return failed(403, 'Must have admin rights to Repository.');
  }
  const found = findArtifact(call);
  if (found === undefined || params['archive_format'] !== 'zip') return notFound;
  if (found.expired) return failed(410, 'Artifact has expired');
  return redirect(`${world.urls.serverUrl}/storage/${repo.fullName}/artifacts/${found.id}`);
}

export function artifactStorage(call: RepoCall): Answer {
  const found = findArtifact(call);
  return found === undefined
    ? notFound
    : { ...ok(undefined, { 'content-type': 'application/zip' }), bytes: found.bytes };
}

export function getRun(call: RepoCall): Answer {
  const run = find(call);
  return run === undefined ? notFound : ok(runJson(call, run));
}

export function listRunJobs(call: RepoCall): Answer {
  const run = find(call);
  if (run === undefined) return notFound;
  const jobs = run.jobs.map((job, n) => ({ job, id: run.id * 1000 + n }));
  return listed(call, jobs, 'jobs', ({ job, id }) => jobJson(call, run, job, id));
}

function find({ repo, params }: RepoCall): WorkflowRun | undefined {
  return repo.runs.find(({ id }) => String(id) === params['run_id']);
}

function findArtifact({ repo, params }: RepoCall): Artifact | undefined {
  return repo.runs
    .flatMap(({ artifacts }) => artifacts)
    .find(({ id }) => String(id) === params['artifact_id']);
}

interface Kept {
  readonly run: WorkflowRun;
  readonly artifact: Artifact;
}

function artifactsOf(runs: readonly WorkflowRun[]): Kept[] {
  return runs
    .flatMap((run) => run.artifacts.map((artifact) => ({ run, artifact })))
    .toSorted((a, b) => b.artifact.id - a.artifact.id);
}

function listed<T>(call: RepoCall, items: readonly T[], name: string, toJson: (item: T) => unknown): Answer {
  const page = paginated(call, items, toJson);
  return page.status === 200 ? { ...page, json: { total_count: items.length, [name]: page.json } } : page;
}

function artifactJson({ world, repo }: RepoCall, { run, artifact }: Kept): unknown {
  const url = `${world.urls.apiUrl}/repos/${repo.fullName}/actions/artifacts/${artifact.id}`;
  return {
    id: artifact.id,
    node_id: nodeId('Artifact', artifact.id),
    name: artifact.name,
    size_in_bytes: 0,
    url,
    archive_download_url: `${url}/zip`,
    expired: artifact.expired,
    created_at: iso(run.createdAt),
    updated_at: iso(run.createdAt),
    expires_at: iso(run.createdAt + 90 * day),
    workflow_run: {
      id: run.id,
      repository_id: repo.id,
      head_repository_id: repo.id,
      head_branch: run.branch,
      head_sha: run.commit,
    },
  };
}

function runJson({ world: { urls }, repo }: RepoCall, run: WorkflowRun): unknown {
  const url = `${urls.apiUrl}/repos/${repo.fullName}/actions/runs/${run.id}`;
  const repository = repositoryJson(urls, repo);
  return {
    id: run.id,
    node_id: nodeId('WorkflowRun', run.id),
    name: run.path,
    display_title: run.path,
    path: run.path,
    run_number: run.id,
    run_attempt: 1,
    event: run.event,
    status: 'completed',
    conclusion: 'success',
    head_branch: run.branch,
    head_sha: run.commit,
    head_commit: null,
    head_repository: repository,
    repository,
    referenced_workflows: run.called,
    pull_requests: [],
    workflow_id: 1,
    created_at: iso(run.createdAt),
    updated_at: iso(run.createdAt),
    url,
    html_url: `${urls.serverUrl}/${repo.fullName}/actions/runs/${run.id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    check_suite_url: `${urls.apiUrl}/repos/${repo.fullName}/check-suites/1`,
    workflow_url: `${urls.apiUrl}/repos/${repo.fullName}/actions/workflows/1`,
  };
}

function jobJson({ world: { urls }, repo }: RepoCall, run: WorkflowRun, job: RunJob, id: number): unknown {
  const at = iso(run.createdAt);
  const api = `${urls.apiUrl}/repos/${repo.fullName}`;
  return {
    id,
    node_id: nodeId('WorkflowJob', id),
    run_id: run.id,
    run_url: `${api}/actions/runs/${run.id}`,
    head_sha: run.commit,
    head_branch: run.branch,
    workflow_name: run.path,
    name: job.name,
    url: `${api}/actions/jobs/${id}`,
    html_url: `${urls.serverUrl}/${repo.fullName}/actions/runs/${run.id}/job/${id}`,
    check_run_url: `${api}/check-runs/${id}`,
    status: 'completed',
    conclusion: job.conclusion,
    created_at: at,
    started_at: at,
    completed_at: at,
    steps: job.steps.map(({ name, conclusion }, n) => ({
      name,
      status: 'completed',
      conclusion,
      number: n + 1,
      started_at: at,
      completed_at: at,
    })),
    labels: [],
    runner_id: 1,
    runner_name: 'runner',
    runner_group_id: 1,
    runner_group_name: 'runners',
  };
}
