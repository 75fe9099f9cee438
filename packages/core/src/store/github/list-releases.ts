import { toRelease, type RemoteRelease } from './remote-release.ts';
import type { Remote } from './remote.ts';

const perPage = 100;
const lastPage = 10; // "Only the first 1000 results are available": https://github.com/iree-org/iree/pull/16506

export interface Listing {
  readonly releases: readonly RemoteRelease[];
  /** Whether these are all; a listing that reaches GitHub’s cap may lack the rest. */
  readonly isWhole: boolean;
}

/** The published releases as far as a listing shows them. Only for those who cannot ask better. */
export async function listReleases(remote: Remote): Promise<Listing> {
  const { owner, repo, client } = remote;
  const releases: RemoteRelease[] = [];
  for (let page = 1; page <= lastPage; page++) {
    const { data } = await client.octokit.rest.repos.listReleases({ owner, repo, per_page: perPage, page });
    for (const release of data.map(toRelease)) if (!release.isDraft) releases.push(release);
    if (data.length < perPage) return { releases, isWhole: true };
  }
  return { releases, isWhole: false };
}
