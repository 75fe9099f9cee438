import { noContent, notFound, ok, type Answer } from './answer.ts';
import type { RepoCall } from './call.ts';
import { iso } from './iso.ts';
import { nodeId } from './node-id.ts';
import type { Workflow } from './state.ts';

export function listWorkflows(call: RepoCall): Answer {
  const { workflows } = call.repo;
  return ok({ total_count: workflows.length, workflows: workflows.map((one) => workflowJson(call, one)) });
}

export function getWorkflow(call: RepoCall): Answer {
  const workflow = find(call);
  return workflow === undefined ? notFound : ok(workflowJson(call, workflow));
}

export function enableWorkflow(call: RepoCall): Answer {
  return change(call, (workflow) => {
    workflow.state = 'active';
  });
}

export function disableWorkflow(call: RepoCall): Answer {
  return change(call, (workflow) => {
    workflow.state = 'disabled_manually';
  });
}

export function dispatchWorkflow(call: RepoCall): Answer {
  return change(call, (workflow) => workflow.dispatches.push(call.body));
}

function change(call: RepoCall, apply: (workflow: Workflow) => void): Answer {
  const workflow = find(call);
  if (workflow === undefined) {
    return notFound;
  }
  apply(workflow);
  return noContent;
}

/** By id or by file name. */
function find({ repo, params }: RepoCall): Workflow | undefined {
  const wanted = params['workflow_id'] ?? '';
  return repo.workflows.find(({ id, path }) => String(id) === wanted || path.endsWith(`/${wanted}`));
}

function workflowJson(call: RepoCall, workflow: Workflow): unknown {
  const { urls } = call.world;
  const page = `${urls.serverUrl}/${call.repo.fullName}`;
  return {
    id: workflow.id,
    node_id: nodeId('Workflow', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: workflow.state,
    created_at: iso(call.repo.createdAt),
    updated_at: iso(call.repo.createdAt),
    url: `${urls.apiUrl}/repos/${call.repo.fullName}/actions/workflows/${workflow.id}`,
    html_url: `${page}/blob/${call.repo.defaultBranch}/${workflow.path}`,
    badge_url: `${page}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
  };
}
