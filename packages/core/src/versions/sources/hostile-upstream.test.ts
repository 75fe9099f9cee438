import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  hostileCases,
  hostileUpstream,
  pathOf,
  type HostileUpstream,
} from '@bakery/testbed/hostile-upstream.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import { fetchHttp } from '../../fetch/http.ts';
import { githubClient } from '../../github/client.ts';
import { githubConfig } from '../../github/config.ts';
import { listNames } from '../../github/list-names.ts';
import { silentReport } from '../../ports/report.ts';
import { spawnExec } from '../../ports/spawn.ts';
import { findVersions } from '../find.ts';
import type { ListContext } from './listing.ts';
import { VersionSource } from './sources.ts';

let upstream: HostileUpstream;
beforeAll(async () => {
  upstream = await hostileUpstream();
});
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
});

const json = { from: 'http', url: 'https://up.example/', parse: 'json', path: '[].name' };
const sources: Readonly<Record<string, unknown>> = {
  'github-releases': { from: 'github-releases', repo: 'o/r' },
  'github-tags': { from: 'github-tags', repo: 'o/r' },
  'gitlab-tags': { from: 'gitlab-tags', host: 'up.example', project: 'o/r' },
  'a page': { from: 'http', url: 'https://up.example/', regex: '[a-z]+-([0-9.]+)' },
  'a page by {arch}': { from: 'http', url: 'https://up.example/{arch}', regex: '.+' },
  branches: {
    from: 'http',
    url: 'https://up.example/{branch}/x',
    regex: '.+',
    branches: { url: 'https://up.example/', regex: '\\S+' },
  },
  JSON: json,
  'JSON of texts': { ...json, path: '@' },
  'JSON by pages': { ...json, next: { query: 'after', path: '[0].name' } },
  YAML: { from: 'http', url: 'https://up.example/', parse: 'yaml', path: '@' },
};

describe.each(Object.keys(sources))('versions from %s', (name) => {
  const source = VersionSource.parse(sources[name]);

  it.each(hostileCases)('survive %s', async (hostile) => {
    expect(await failureOf(findVersions(source, ['arm64'], context(upstream.url + pathOf(hostile))))).toEqual(
      [],
    );
  });
});

it.each(['a page', 'an object', 'a list in a list', 'nothing', 'a reset at once', 'a limit for ages'])(
  'names from GitHub’s GraphQL survive %s',
  async (hostile) => {
    const url = upstream.url + pathOf(hostile);
    const config = githubConfig({
      GITHUB_API_URL: url,
      GITHUB_TOKEN: 'x',
      GITHUB_GRAPHQL_URL: `${url}/graphql`,
    });
    const client = githubClient(config, { report: silentReport, secondMs: 1, longestWait: 1 });
    const githubNames = listNames(client, { mirrors: [], sleep: () => Promise.resolve() });
    const source = VersionSource.parse(sources['github-tags']);
    expect(await failureOf(findVersions(source, ['arm64'], { ...context(url), githubNames }))).toEqual([]);
  },
);

it.each([
  'a page',
  'an object',
  'nothing',
  'bytes that are no text',
  'a redirect to itself',
  'another protocol',
])('versions of an npm package survive %s', async (hostile) => {
  const source = VersionSource.parse({ from: 'npm', package: 'x' });
  const url = upstream.url + pathOf(hostile);
  const npm = { npm_config_fetch_retries: '0', npm_config_cache: `${tmpdir()}/hostile-npm-${process.pid}` };
  const exec = spawnExec({ ...process.env, ...npm });
  const ports = { ...context(url).ports, exec };
  const work = findVersions(source, ['arm64'], { ...context(url), ports, npmRegistry: `${url}/` });
  expect(await failureOf(work)).toEqual([]);
});

function context(url: string): ListContext {
  const http = fetchHttp({
    mirrors: [{ prefix: 'https://up.example/', target: `${url}/` }],
    userAgent: 'test',
    githubHosts: [],
    offline: false,
    report: silentReport,
    sleep: () => Promise.resolve(),
    random: () => 0,
    now: () => 0,
    attempts: 2,
  });
  const ports = { http, exec: spawnExec({}), report: silentReport };
  return { ports, githubApi: url, archTokens: { arm64: 'arm64' } };
}

/** What went wrong in a way that is no message to the reader. */
async function failureOf(work: Promise<unknown>): Promise<unknown[]> {
  try {
    await work;
    return [];
  } catch (error) {
    return error instanceof UserError ? [] : [error];
  }
}
