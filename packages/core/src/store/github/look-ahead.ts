import { statusOf } from '../../github/refusal.ts';
import type { Planned } from '../obstacles.ts';
import { isSettingOn } from './immutability.ts';
import { newestReleases } from './remote-release.ts';
import { isAnonymous, type Remote } from './remote.ts';

/** What GitHub shows of a repository before anything is written to it. What was not asked for is undefined. */
export interface Sight {
  readonly repository?: RepositorySight | undefined;
  /** One without the key was seen by somebody who may list its secrets; no token of a workflow may. */
  readonly environment?: 'there' | 'missing' | 'without the key' | undefined;
  readonly immutability?: Immutability | undefined;
}

export interface RepositorySight {
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly hasPages: boolean;
  readonly hasToken: boolean;
  /** Whether the owner of the token may push; undefined where that does not show. */
  readonly canPush: boolean | undefined;
  readonly isAdmin: boolean;
  /** Of a classic token; other kinds do not tell. */
  readonly scopes: readonly string[] | undefined;
}

/** The tag is that of the newest release: it is immutable, and the setting may have been turned off since. */
export type Immutability = 'on' | 'off' | { readonly newest: string };

/** At most three requests, one more with a token of one’s own, and none for what `planned` does not need. */
export async function lookAhead(remote: Remote, planned: Planned): Promise<Sight> {
  const { isOwnToken, environment: name, pages, newIndexes } = planned;
  const environment = name === undefined ? undefined : await environmentOf(remote, name, isOwnToken);
  const isAsked = isOwnToken || pages || environment === 'missing';
  const repository = isAsked ? await repositoryOf(remote) : undefined;
  const immutability =
    newIndexes.length === 0 ? undefined : await immutabilityOf(remote, repository?.isAdmin === true);
  return { repository, environment, immutability };
}

async function environmentOf(
  remote: Remote,
  environment: string,
  isOwnToken: boolean,
): Promise<Sight['environment']> {
  const { owner, repo, client } = remote;
  try {
    await client.octokit.rest.repos.getEnvironment({ owner, repo, environment_name: environment });
    return isOwnToken && (await isWithoutKey(remote, environment)) ? 'without the key' : 'there';
  } catch (error) {
    const status = statusOf(error) ?? 0;
    if (status === 404) return 'missing';
    if (status === 403) return undefined; // The token may not see any.
    throw error;
  }
}

/** Whether it is seen to lack the key; not everybody may look. */
async function isWithoutKey({ owner, repo, client }: Remote, environment: string): Promise<boolean> {
  try {
    const { data } = await client.octokit.rest.actions.listEnvironmentSecrets({
      owner,
      repo,
      environment_name: environment,
      per_page: 100, // all that one may hold
    });
    return data.secrets.every(({ name }) => name !== 'BAKERY_SIGNING_KEY');
  } catch (error) {
    const status = statusOf(error);
    if (status === 403 || status === 404) return false;
    throw error;
  }
}

async function repositoryOf(remote: Remote): Promise<RepositorySight> {
  const { owner, repo, client } = remote;
  const { data, headers } = await client.octokit.rest.repos.get({ owner, repo });
  const scopes = headers['x-oauth-scopes'];
  return {
    isPrivate: data.private,
    isArchived: data.archived,
    hasPages: data.has_pages,
    hasToken: !isAnonymous(remote),
    canPush: isOfApp(remote) ? undefined : data.permissions?.push,
    isAdmin: data.permissions?.admin === true,
    scopes: scopes === undefined ? undefined : scopes.split(/\s*,\s*/).filter((scope) => scope !== ''),
  };
}

/** What such a token may do does not stand in `permissions`, which are those of a person. */
function isOfApp({ client }: Remote): boolean {
  return client.config.token?.startsWith('ghs_') === true;
}

/** Only administrators may read the setting; others see what became of the newest release. */
async function immutabilityOf(remote: Remote, isAdmin: boolean): Promise<Immutability> {
  if (isAdmin) return (await isSettingOn(remote)) ? 'on' : 'off';
  const published = (await newestReleases(remote)).filter((release) => !release.isDraft);
  const newest = published.toSorted((a, b) => b.publishedAt - a.publishedAt)[0];
  return newest?.isImmutable === true ? { newest: newest.tag } : 'off';
}
