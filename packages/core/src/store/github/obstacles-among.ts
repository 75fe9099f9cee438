import type { Obstacle, Planned } from '../obstacles.ts';
import type { Immutability, RepositorySight, Sight } from './look-ahead.ts';

/** What stands in the way of `planned`, by what was seen. `store` is the name of the store, `github:OWNER/REPO`. */
export function obstaclesAmong(planned: Planned, sight: Sight, store: string): readonly Obstacle[] {
  const { repository, environment, immutability } = sight;
  const [index] = planned.newIndexes;
  return [
    ...(repository === undefined ? [] : ofRepository(planned, repository, store)),
    ...(environment === 'missing' ? [ofEnvironment(planned, repository, store)] : []),
    ...(environment === 'without the key' ? [ofKey(planned, store)] : []),
    ...(immutability === undefined || index === undefined ? [] : ofImmutability(immutability, index, store)),
  ];
}

function ofRepository(planned: Planned, seen: RepositorySight, store: string): Obstacle[] {
  const token = planned.isOwnToken ? whyNoToken(seen) : undefined;
  return [
    ...(seen.isArchived
      ? [
          {
            problem: `${store}: expected a repository that takes releases, got an archived one`,
            remedy: 'Settings, Danger Zone: Unarchive this repository',
            isSure: true,
          },
        ]
      : []),
    ...(token === undefined
      ? []
      : [
          {
            problem: `${store}: expected a token that may write releases, got ${token.got}`,
            remedy: `set GH_TOKEN to ${token.wanted}`,
            isSure: true,
          },
        ]),
    ...(planned.pages && !seen.hasPages
      ? [
          {
            problem: `${store}: expected GitHub Pages, as bakery.yaml says site: required, got none`,
            remedy: 'Settings, Pages: Source: GitHub Actions; or site: auto in bakery.yaml',
            isSure: true,
          },
        ]
      : []),
  ];
}

function whyNoToken(seen: RepositorySight): { readonly got: string; readonly wanted: string } | undefined {
  const { hasToken, canPush, scopes, isPrivate } = seen;
  const scope = isPrivate ? 'repo' : 'public_repo';
  if (!hasToken) return { got: 'none', wanted: 'one with the permission "contents: write" there' };
  if (scopes !== undefined && !scopes.includes('repo') && !scopes.includes(scope)) {
    const got = scopes.length === 0 ? 'one without any scope' : `one with the scopes ${scopes.join(', ')}`;
    return { got, wanted: `one with the scope ${scope}` };
  }
  if (canPush !== false) return undefined;
  return { got: 'that of somebody who may not push', wanted: 'one of somebody who may' };
}

/** Private repositories of a free plan have none and need none, and it does not show whose plan it is. */
function ofEnvironment(
  { environment = '' }: Planned,
  repository: RepositorySight | undefined,
  store: string,
): Obstacle {
  return {
    problem: `${store}: expected the environment "${environment}" with the secret BAKERY_SIGNING_KEY, as bakery.yaml says sign: required, got none`,
    remedy: `Settings, Environments: New environment "${environment}", then Add environment secret`,
    isSure: repository?.isPrivate === false,
  };
}

/** The jobs take one of the repository or of its organisation as well. */
function ofKey({ environment = '' }: Planned, store: string): Obstacle {
  return {
    problem: `${store}: expected the secret BAKERY_SIGNING_KEY in the environment "${environment}", as bakery.yaml says sign: required, got an environment without it`,
    remedy: `Settings, Environments, ${environment}: Add environment secret; unless the repository or its organisation has one of that name`,
    isSure: false,
  };
}

function ofImmutability(seen: Immutability, index: string, store: string): Obstacle[] {
  if (seen === 'off') return [];
  const problem = `${store}: expected release ${index}, an index that is not there yet, to be changeable`;
  const remedy =
    'Settings, General, Releases: turn off "Enable release immutability" until the indexes are there';
  return seen === 'on'
    ? [{ problem: `${problem}, got immutable releases`, remedy, isSure: true }]
    : [
        {
          problem: `${problem}, but the newest release, ${seen.newest}, is immutable`,
          remedy,
          isSure: false,
        },
      ];
}
