import type { Need } from './access.ts';
import { ok } from './answer.ts';
import type { Answer } from './answer.ts';
import { deleteAsset, getAsset, listAssets, updateAsset } from './assets.ts';
import type { Host, RepoCall, Route } from './call.ts';
import { getContents, getRaw } from './contents.ts';
import { download, downloadLatest, storage } from './downloads.ts';
import { getEnvironment, listEnvironmentSecrets } from './environments.ts';
import { createIssue, listIssues, updateIssue } from './issues.ts';
import { getPages } from './pages.ts';
import { createRef, deleteRef, getRef, listTags, matchingRefs } from './refs.ts';
import {
  createRelease,
  deleteRelease,
  getLatestRelease,
  getRelease,
  getReleaseByTag,
  listReleases,
  updateRelease,
} from './releases.ts';
import {
  disableImmutableReleases,
  enableImmutableReleases,
  getImmutableReleases,
  getRepository,
} from './repository.ts';
import {
  artifactStorage,
  downloadArtifact,
  getRun,
  listArtifacts,
  listRunArtifacts,
  listRunJobs,
} from './runs.ts';
import { uploadAsset } from './upload-asset.ts';
import {
  disableWorkflow,
  dispatchWorkflow,
  enableWorkflow,
  getWorkflow,
  listWorkflows,
} from './workflows.ts';

const read: Need = { area: 'contents', level: 'read' };
const write: Need = { area: 'contents', level: 'write' };
const repo = '/repos/{owner}/{repo}';
const release = `${repo}/releases/{release_id}`;
const asset = `${repo}/releases/assets/{asset_id}`;
const readActions: Need = { area: 'actions', level: 'read' };
const run = `${repo}/actions/runs/{run_id}`;
const workflow = `${repo}/actions/workflows/{workflow_id}`;
const immutable = `${repo}/immutable-releases`;

/** Every route but GraphQL’s. The first that fits is taken. */
export const routes: readonly Route[] = [
  onRepo('GET', repo, read, getRepository),
  onRepo('GET', `${repo}/releases`, read, listReleases),
  onRepo('POST', `${repo}/releases`, write, createRelease),
  onRepo('GET', `${repo}/releases/latest`, read, getLatestRelease),
  onRepo('GET', `${repo}/releases/tags/{tag}`, read, getReleaseByTag),
  onRepo('GET', asset, read, getAsset),
  onRepo('PATCH', asset, write, updateAsset),
  onRepo('DELETE', asset, write, deleteAsset),
  onRepo('GET', `${release}/assets`, read, listAssets),
  onRepo('GET', release, read, getRelease),
  onRepo('PATCH', release, write, updateRelease),
  onRepo('DELETE', release, write, deleteRelease),
  {
    kind: 'upload',
    method: 'POST',
    template: `${release}/assets`,
    host: 'uploads',
    need: write,
    handle: uploadAsset,
  },
  onRepo('GET', `${repo}/git/matching-refs/{ref}`, read, matchingRefs),
  onRepo('GET', `${repo}/git/ref/{ref}`, read, getRef),
  onRepo('POST', `${repo}/git/refs`, write, createRef),
  onRepo('DELETE', `${repo}/git/refs/{ref}`, write, deleteRef),
  onRepo('GET', `${repo}/tags`, read, listTags),
  onRepo('GET', `${repo}/contents/{path}`, read, getContents),
  onRepo('GET', `${repo}/issues`, { area: 'issues', level: 'read' }, listIssues),
  onRepo('POST', `${repo}/issues`, { area: 'issues', level: 'write' }, createIssue),
  onRepo('PATCH', `${repo}/issues/{issue_number}`, { area: 'issues', level: 'write' }, updateIssue),
  onRepo('GET', `${repo}/pages`, { area: 'pages', level: 'read' }, getPages),
  onRepo(
    'GET',
    `${repo}/environments/{environment_name}`,
    { area: 'actions', level: 'read' },
    getEnvironment,
  ),
  onRepo(
    'GET',
    `${repo}/environments/{environment_name}/secrets`,
    { area: 'environments', level: 'read' },
    listEnvironmentSecrets,
  ),
  onRepo('GET', immutable, { area: 'administration', level: 'read' }, getImmutableReleases),
  onRepo('PUT', immutable, { area: 'administration', level: 'write' }, enableImmutableReleases),
  onRepo('DELETE', immutable, { area: 'administration', level: 'write' }, disableImmutableReleases),
  onRepo('GET', `${repo}/actions/artifacts`, readActions, listArtifacts),
  onRepo('GET', `${repo}/actions/artifacts/{artifact_id}/{archive_format}`, readActions, downloadArtifact),
  onRepo('GET', `${run}/artifacts`, readActions, listRunArtifacts),
  onRepo('GET', `${run}/jobs`, readActions, listRunJobs),
  onRepo('GET', run, readActions, getRun),
  onRepo('GET', `${repo}/actions/workflows`, readActions, listWorkflows),
  onRepo('GET', workflow, readActions, getWorkflow),
  onRepo('PUT', `${workflow}/enable`, { area: 'actions', level: 'write' }, enableWorkflow),
  onRepo('PUT', `${workflow}/disable`, { area: 'actions', level: 'write' }, disableWorkflow),
  onRepo('POST', `${workflow}/dispatches`, { area: 'actions', level: 'write' }, dispatchWorkflow),
  {
    kind: 'plain',
    method: 'GET',
    template: '/rate_limit',
    host: 'api',
    handle: ({ world, caller }) => ok(world.quota(caller)),
  },
  onRepo('GET', '/{owner}/{repo}/releases/latest/download/{name}', read, downloadLatest, 'web'),
  onRepo('GET', '/{owner}/{repo}/releases/download/{tag}/{name}', read, download, 'web'),
  onRepo('GET', '/storage/{owner}/{repo}/{asset_id}', read, storage, 'web'),
  onRepo('GET', '/storage/{owner}/{repo}/artifacts/{artifact_id}', read, artifactStorage, 'web'),
  onRepo('GET', '/raw/{owner}/{repo}/{revision}/{path}', read, getRaw, 'web'),
];

function onRepo(
  method: string,
  template: string,
  need: Need,
  handle: (call: RepoCall) => Answer | Promise<Answer>,
  host: Host = 'api',
): Route {
  return { kind: 'repo', method, template, host, need, handle };
}
