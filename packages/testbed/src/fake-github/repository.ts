import { has } from './access.ts';
import { noContent, notFound, ok, type Answer } from './answer.ts';
import type { RepoCall, Urls } from './call.ts';
import { iso } from './iso.ts';
import { nodeId } from './node-id.ts';
import type { Repo } from './state.ts';
import { userJson } from './user-json.ts';

export function getRepository(call: RepoCall): Answer {
  const { world, repo, caller, canPush } = call;
  if (caller.kind === 'anonymous') return ok(repositoryJson(world.urls, repo));
  const admin = has(caller, repo, { area: 'administration', level: 'write' });
  const permissions = { admin, maintain: admin, push: canPush, triage: canPush, pull: true };
  const { scopes } = caller.permissions;
  return ok(
    { ...repositoryJson(world.urls, repo), permissions },
    scopes === undefined ? {} : { 'x-oauth-scopes': scopes.join(', ') },
  );
}

/** 200 when the setting is on, 404 when it is off. Needs administration, which no GITHUB_TOKEN has. */
export function getImmutableReleases(call: RepoCall): Answer {
  return call.repo.immutableReleases ? ok({ enabled: true, enforced_by_owner: false }) : notFound;
}

export function enableImmutableReleases(call: RepoCall): Answer {
  call.repo.immutableReleases = true;
  return noContent;
}

export function disableImmutableReleases(call: RepoCall): Answer {
  call.repo.immutableReleases = false;
  return noContent;
}

/** Fields named `…_url` by what follows the repository’s own URL. */
const subUrls: Readonly<Record<string, string>> = {
  archive: '{archive_format}{/ref}',
  assignees: 'assignees{/user}',
  blobs: 'git/blobs{/sha}',
  branches: 'branches{/branch}',
  collaborators: 'collaborators{/collaborator}',
  comments: 'comments{/number}',
  commits: 'commits{/sha}',
  compare: 'compare/{base}...{head}',
  contents: 'contents/{+path}',
  contributors: 'contributors',
  deployments: 'deployments',
  downloads: 'downloads',
  events: 'events',
  forks: 'forks',
  git_commits: 'git/commits{/sha}',
  git_refs: 'git/refs{/sha}',
  git_tags: 'git/tags{/sha}',
  hooks: 'hooks',
  issue_comment: 'issues/comments{/number}',
  issue_events: 'issues/events{/number}',
  issues: 'issues{/number}',
  keys: 'keys{/key_id}',
  labels: 'labels{/name}',
  languages: 'languages',
  merges: 'merges',
  milestones: 'milestones{/number}',
  notifications: 'notifications{?since,all,participating}',
  pulls: 'pulls{/number}',
  releases: 'releases{/id}',
  stargazers: 'stargazers',
  statuses: 'statuses/{sha}',
  subscribers: 'subscribers',
  subscription: 'subscription',
  tags: 'tags',
  teams: 'teams',
  trees: 'git/trees{/sha}',
};

const counts = [
  'forks',
  'forks_count',
  'network_count',
  'open_issues',
  'open_issues_count',
  'size',
  'stargazers_count',
  'subscribers_count',
  'watchers',
  'watchers_count',
];

export function repositoryJson(urls: Urls, repo: Repo): Record<string, unknown> {
  const [owner = '', name = ''] = repo.fullName.split('/');
  const url = `${urls.apiUrl}/repos/${repo.fullName}`;
  const page = `${urls.serverUrl}/${repo.fullName}`;
  return {
    id: repo.id,
    node_id: nodeId('Repository', repo.id),
    name,
    full_name: repo.fullName,
    owner: userJson(urls, owner),
    private: repo.private,
    visibility: repo.private ? 'private' : 'public',
    html_url: page,
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(Object.entries(subUrls).map(([field, path]) => [`${field}_url`, `${url}/${path}`])),
    ...Object.fromEntries(counts.map((field) => [field, 0])),
    clone_url: `${page}.git`,
    git_url: `git://${new URL(urls.serverUrl).host}/${repo.fullName}.git`,
    ssh_url: `git@${new URL(urls.serverUrl).hostname}:${repo.fullName}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repo.defaultBranch,
    has_issues: repo.hasIssues,
    has_projects: false,
    has_wiki: false,
    has_pages: repo.pages !== undefined,
    has_discussions: false,
    archived: repo.archived,
    disabled: false,
    created_at: iso(repo.createdAt),
    updated_at: iso(repo.createdAt),
    pushed_at: iso(repo.createdAt),
  };
}
