import { z } from 'zod';
import { created, failed, invalid, noContent, notFound, ok, type Answer } from './answer.ts';
import type { RepoCall } from './call.ts';
import { nodeId } from './node-id.ts';
import { paginated } from './pagination.ts';
import { isTagName } from './publish.ts';
import { publishedRelease, type Repo } from './state.ts';

const tagPrefix = 'tags/';
const NewRef = z.object({ ref: z.string(), sha: z.string() });

/** Every ref that begins so, in order of name, on one page however many there are. */
export function matchingRefs(call: RepoCall): Answer {
  const prefix = call.params['ref'] ?? '';
  const refs = allRefs(call.repo)
    .filter(([name]) => name.startsWith(prefix))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return ok(refs.map(([name, sha]) => refJson(call, name, sha)));
}

export function getRef(call: RepoCall): Answer {
  const name = call.params['ref'] ?? '';
  const sha = allRefs(call.repo).find(([candidate]) => candidate === name)?.[1];
  return sha === undefined ? notFound : ok(refJson(call, name, sha));
}

export function createRef(call: RepoCall): Answer {
  const { repo } = call;
  const { ref, sha } = NewRef.parse(call.body);
  const name = ref.replace(/^refs\//, '');
  const tag = name.startsWith(tagPrefix) ? name.slice(tagPrefix.length) : undefined;
  if (!ref.startsWith('refs/') || !isTagName(name)) {
    return failed(422, `${ref} is not a valid ref name.`);
  }
  if (!repo.commits.has(sha)) {
    return failed(422, 'Object does not exist');
  }
  if (allRefs(repo).some(([existing]) => existing === name)) {
    return failed(422, 'Reference already exists');
  }
  if (tag === undefined) {
    repo.branches.set(name.replace(/^heads\//, ''), sha);
  } else if (repo.burntTags.has(tag)) {
    return failed(
      422,
      'Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n',
    );
  } else {
    repo.tags.set(tag, sha);
  }
  return created(
    refJson(call, name, sha),
    `${call.world.urls.apiUrl}/repos/${repo.fullName}/git/refs/${name}`,
  );
}

/** A tag under an immutable release stays. Deleting the tag of another one turns that into a draft. */
export function deleteRef(call: RepoCall): Answer {
  const { repo } = call;
  const name = call.params['ref'] ?? '';
  const tag = name.startsWith(tagPrefix) ? name.slice(tagPrefix.length) : undefined;
  const release = tag === undefined ? undefined : publishedRelease(repo, tag);
  if (release?.immutable === true) {
    return invalid({ resource: 'Reference', code: 'custom', message: 'Cannot delete this tag' });
  }
  const wasThere =
    tag === undefined ? repo.branches.delete(name.replace(/^heads\//, '')) : repo.tags.delete(tag);
  if (release !== undefined) {
    Object.assign(release, { draft: true, publishedAt: undefined });
  }
  return wasThere ? noContent : failed(422, 'Reference does not exist');
}

/** Highest name first, as on GitHub’s page of tags. */
export function listTags(call: RepoCall): Answer {
  const { repo, world } = call;
  const url = `${world.urls.apiUrl}/repos/${repo.fullName}`;
  const order = new Intl.Collator('en', { numeric: true });
  const tags = repo.tags
    .entries()
    .toArray()
    .toSorted(([one], [other]) => order.compare(other, one));
  return paginated(call, tags, ([name, sha]) => ({
    name,
    zipball_url: `${url}/zipball/refs/tags/${encodeURIComponent(name)}`,
    tarball_url: `${url}/tarball/refs/tags/${encodeURIComponent(name)}`,
    commit: { sha, url: `${url}/commits/${sha}` },
    node_id: nodeId('Ref', `${repo.fullName}:${name}`),
  }));
}

/** Names without `refs/`, with the commit each points to. */
function allRefs(repo: Repo): (readonly [string, string])[] {
  return [
    ...repo.branches.entries().map(([name, sha]) => [`heads/${name}`, sha] as const),
    ...repo.tags.entries().map(([name, sha]) => [`${tagPrefix}${name}`, sha] as const),
  ];
}

function refJson(call: RepoCall, name: string, sha: string): unknown {
  const url = `${call.world.urls.apiUrl}/repos/${call.repo.fullName}/git`;
  return {
    ref: `refs/${name}`,
    node_id: nodeId('Ref', `${call.repo.fullName}:${name}`),
    url: `${url}/refs/${encodeURI(name)}`,
    object: { type: 'commit', sha, url: `${url}/commits/${sha}` },
  };
}
