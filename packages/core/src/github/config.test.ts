import { expect, it } from '@jest/globals';
import { githubConfig, parseRepository } from './config.ts';

it('is github.com where nothing is said', () => {
  expect(githubConfig({ GITHUB_TOKEN: '', GITHUB_REPOSITORY: '' })).toEqual({
    apiUrl: 'https://api.github.com',
    graphqlUrl: 'https://api.github.com/graphql',
    serverUrl: 'https://github.com',
    token: undefined,
    repository: undefined,
    userAgent: 'sysext-bakery',
  });
});

it('finds the APIs of an Enterprise Server by its address', () => {
  expect(
    githubConfig({ GITHUB_SERVER_URL: 'https://git.example/', GH_TOKEN: 'a', GITHUB_TOKEN: 'b' }),
  ).toMatchObject({
    apiUrl: 'https://git.example/api/v3',
    graphqlUrl: 'https://git.example/api/graphql',
    serverUrl: 'https://git.example',
    token: 'a',
  });
});

it('takes what a workflow says', () => {
  const env = {
    GITHUB_API_URL: 'http://127.0.0.1:1/api/v3',
    GITHUB_GRAPHQL_URL: 'http://127.0.0.1:1/graph',
    GITHUB_SERVER_URL: 'http://127.0.0.1:1',
    GITHUB_REPOSITORY: 'octo/bakery.x',
    GITHUB_TOKEN: 'b',
  };
  expect(githubConfig(env, 'agent')).toEqual({
    apiUrl: env.GITHUB_API_URL,
    graphqlUrl: env.GITHUB_GRAPHQL_URL,
    serverUrl: env.GITHUB_SERVER_URL,
    token: 'b',
    repository: { owner: 'octo', repo: 'bakery.x' },
    userAgent: 'agent',
  });
});

it.each(['octo', 'octo/', 'a/b/c', 'octo/..', 'octo/a b'])('refuses the repository %j', (text) => {
  expect(() => parseRepository(text, 'GITHUB_REPOSITORY')).toThrow('GITHUB_REPOSITORY: expected OWNER/REPO');
});

it('refuses what is no URL', () => {
  expect(() => githubConfig({ GITHUB_API_URL: 'api.github.com' })).toThrow('GITHUB_API_URL: expected a URL');
});
