import { UserError } from '../diagnostics/user-error.ts';

/** Where GitHub is and who we are there. No URL ends in a slash. */
export interface GithubConfig {
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly serverUrl: string;
  readonly token: string | undefined;
  readonly repository: Repository | undefined;
  readonly userAgent: string;
}

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads what every GitHub Actions job has in its environment; outside of one, github.com and `GH_TOKEN`,
 * which wins over `GITHUB_TOKEN` as it does for GitHub’s own CLI.
 */
export function githubConfig(env: Env, userAgent = 'sysext-bakery'): GithubConfig {
  const serverUrl = urlOf(env, 'GITHUB_SERVER_URL') ?? 'https://github.com';
  const apiUrl = urlOf(env, 'GITHUB_API_URL') ?? apiOf(serverUrl);
  const repository = env['GITHUB_REPOSITORY'];
  return {
    apiUrl,
    graphqlUrl: urlOf(env, 'GITHUB_GRAPHQL_URL') ?? `${apiUrl.replace(/\/v3$/, '')}/graphql`,
    serverUrl,
    token: [env['GH_TOKEN'], env['GITHUB_TOKEN']].find((token) => token !== undefined && token !== ''),
    repository:
      repository === undefined || repository === ''
        ? undefined
        : parseRepository(repository, 'GITHUB_REPOSITORY'),
    userAgent,
  };
}

/** `place` names in errors where the text stands. */
export function parseRepository(text: string, place: string): Repository {
  const [, owner, repo] = /^([A-Za-z0-9_-]+)\/([A-Za-z0-9._-]+)$/.exec(text) ?? [];
  if (owner === undefined || repo === undefined || /^\.+$/.test(repo)) {
    throw new UserError('input.invalid', `${place}: expected OWNER/REPO, got ${JSON.stringify(text)}`);
  }
  return { owner, repo };
}

/** GitHub Enterprise Server keeps its API under the same host. */
function apiOf(serverUrl: string): string {
  return serverUrl === 'https://github.com' ? 'https://api.github.com' : `${serverUrl}/api/v3`;
}

function urlOf(env: Env, name: string): string | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new UserError('input.invalid', `${name}: expected a URL, got ${JSON.stringify(text)}`);
  }
  return text.replace(/\/+$/, '');
}
