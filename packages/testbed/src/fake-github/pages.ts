import { notFound, ok, type Answer } from './answer.ts';
import type { RepoCall } from './call.ts';

/** Where the pages of a repository are, and what publishes them; 404 where they are off. */
export function getPages({ repo, world: { urls } }: RepoCall): Answer {
  if (repo.pages === undefined) return notFound;
  const [owner = '', name = ''] = repo.fullName.split('/');
  return ok({
    url: `${urls.apiUrl}/repos/${repo.fullName}/pages`,
    status: 'built',
    cname: null,
    custom_404: false,
    html_url: `https://${owner}.github.io/${name}/`,
    build_type: repo.pages,
    ...(repo.pages === 'legacy' ? { source: { branch: repo.defaultBranch, path: '/' } } : {}),
    public: true,
    https_enforced: true,
  });
}
