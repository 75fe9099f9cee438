import { notFound, ok, type Answer } from './answer.ts';
import type { RepoCall } from './call.ts';
import { iso } from './iso.ts';
import { nodeId } from './node-id.ts';

/** An environment and what protects it; 404 where nobody made one. */
export function getEnvironment({ repo, params, world: { urls } }: RepoCall): Answer {
  const name = decodeURIComponent(params['environment_name'] ?? '');
  if (!repo.environments.has(name)) return notFound;
  return ok({
    id: repo.id,
    node_id: nodeId('Environment', `${repo.id}:${name}`),
    name,
    url: `${urls.apiUrl}/repos/${repo.fullName}/environments/${name}`,
    html_url: `${urls.serverUrl}/${repo.fullName}/settings/environments`,
    created_at: iso(repo.createdAt),
    updated_at: iso(repo.createdAt),
    protection_rules: [],
    deployment_branch_policy: null,
  });
}

/** Names of its secrets, which no token of a workflow may have: its permissions name neither environments nor secrets. */
export function listEnvironmentSecrets({ repo, params }: RepoCall): Answer {
  const names = repo.environments.get(decodeURIComponent(params['environment_name'] ?? ''));
  if (names === undefined) return notFound;
  const [created_at, updated_at] = [iso(repo.createdAt), iso(repo.createdAt)];
  return ok({
    total_count: names.length,
    secrets: names.map((name) => ({ name, created_at, updated_at })),
  });
}
