import { z } from 'zod';
import { created, failed, notFound, ok, type Answer } from './answer.ts';
import type { RepoCall } from './call.ts';
import { iso } from './iso.ts';
import { nodeId } from './node-id.ts';
import { paginated } from './pagination.ts';
import { takeId, type Issue } from './state.ts';
import { bot, userJson } from './user-json.ts';

const NewIssue = z.object({
  title: z.coerce.string(),
  body: z.string().nullish(),
  labels: z
    .array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]))
    .optional(),
});

/** Newest first; open ones unless `state` says otherwise, with all of `labels`. */
export function listIssues(call: RepoCall): Answer {
  const state = call.query.get('state') ?? 'open';
  const labels = (call.query.get('labels') ?? '').split(',').filter((label) => label !== '');
  const issues = call.repo.issues
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => labels.every((label) => issue.labels.includes(label)))
    .toReversed();
  return paginated(call, issues, (issue) => issueJson(call, issue));
}

export function createIssue(call: RepoCall): Answer {
  if (!call.repo.hasIssues) return failed(410, 'Issues has been disabled in this repository.');
  const { title, body, labels } = NewIssue.parse(call.body);
  const issue: Issue = {
    id: takeId(call.world.state),
    number: call.repo.issues.length + 1,
    title,
    body: body ?? null,
    labels: labels ?? [],
    state: 'open',
    createdAt: call.world.clock(),
  };
  call.repo.issues.push(issue);
  return created(issueJson(call, issue), issueUrl(call, issue));
}

const ChangedIssue = z.object({ body: z.string().nullish(), state: z.enum(['open', 'closed']).optional() });

export function updateIssue(call: RepoCall): Answer {
  const issue = call.repo.issues.find(({ number }) => number === Number(call.params['issue_number']));
  if (issue === undefined) return notFound;
  const { body, state } = ChangedIssue.parse(call.body);
  if (body !== undefined) issue.body = body;
  if (state !== undefined) issue.state = state;
  return ok(issueJson(call, issue));
}

function issueUrl(call: RepoCall, issue: Issue): string {
  return `${call.world.urls.apiUrl}/repos/${call.repo.fullName}/issues/${issue.number}`;
}

function issueJson(call: RepoCall, issue: Issue): unknown {
  const { urls } = call.world;
  const url = issueUrl(call, issue);
  const at = iso(issue.createdAt);
  return {
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    url,
    repository_url: `${urls.apiUrl}/repos/${call.repo.fullName}`,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `${urls.serverUrl}/${call.repo.fullName}/issues/${issue.number}`,
    number: issue.number,
    state: issue.state,
    title: issue.title,
    body: issue.body,
    user: userJson(urls, bot),
    labels: issue.labels.map((name) => ({ name })),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    comments: 0,
    closed_at: null,
    created_at: at,
    updated_at: at,
    author_association: 'NONE',
  };
}
