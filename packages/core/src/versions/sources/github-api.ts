import type { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { HttpStatusError } from '../../fetch/http-status-error.ts';
import type { ListContext } from './listing.ts';
import { listPages } from './pages.ts';

const headers = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };

/** All items of a list GitHub keeps about `repo`, 100 a page. */
export async function listGithub<T>(
  what: 'releases' | 'tags',
  repo: string,
  item: z.ZodType<T>,
  { ports, githubApi = 'https://api.github.com' }: ListContext,
): Promise<T[]> {
  const url = `${githubApi}/repos/${repo}/${what}?per_page=100`;
  try {
    return await listPages(ports.http, { url, headers, item, subject: `${what} of the repository ${repo}` });
  } catch (cause) {
    // GitHub says 403 or 429 for a used-up rate limit, 401 for a token that is no good.
    if (!(cause instanceof HttpStatusError) || ![401, 403, 429].includes(cause.status)) throw cause;
    const hint =
      cause.hint ?? 'a GITHUB_TOKEN that is valid raises the limit from 60 to 5,000 requests an hour';
    throw new UserError(cause.code, `GitHub does not list the ${what} of ${repo}: ${cause.message}`, {
      cause,
      hint,
    });
  }
}
